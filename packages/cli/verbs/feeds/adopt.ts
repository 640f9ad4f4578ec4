import { namedFileProblems } from "@planet/aggregator";
import { isPlanetsOwn, nameProblem, sha256Of, siteProblems } from "@planet/content";
import { type LiveObject, type ReadLive, readObjects } from "@planet/content/live";
import { type Context, OperatorError } from "../../command.ts";
import { readSiteFiles, writeSiteFile } from "../../siteFolder.ts";
import type { StackSettings } from "../../stack/settings.ts";
import { visible } from "../../text/visible.ts";
import type { FeedsEdges } from "./edges.ts";
import { groupProblems } from "./groupProblems.ts";
import type { PulledFile } from "./planPull.ts";
import { refuseUncommitted } from "./refuseUncommitted.ts";

export interface AdoptFacts {
  readonly settings: StackSettings;
  readonly site: ReadonlyMap<string, Uint8Array>;
  readonly force: boolean;
  /** As visitors read the bucket. */
  readonly anonymous: ReadLive;
}

/**
 * Takes over the bucket of a planet that was run by hand: its files come into site/, byte for byte. Once site/ holds
 * what is live, the pre-flight has nothing to object to, and the next deploy writes the manifest.
 */
export async function adoptBucket(facts: AdoptFacts, context: Context, edges: FeedsEdges): Promise<number> {
  const { settings, site } = facts;
  const { keys, read } = await edges.ownBucket(settings, context);
  const usable = keys.filter((key) => nameProblem(key) === undefined);
  if (!usable.includes("planet.ini")) {
    throw new OperatorError({
      code: "NOTHING_TO_ADOPT",
      what: "There is no planet to take over.",
      why: `The bucket ${settings.bucket} has no planet.ini.`,
      next: "Check planet:bucket. Nothing was changed.",
    });
  }
  const [own, seen] = [await readObjects(read, usable), await readObjects(facts.anonymous, usable)];
  // Not everything in a bucket is meant for the page, and a repository may be public.
  const closed = usable.filter((name) => name !== "planet.ini" && seen.get(name)?.state === "forbidden");
  const open = usable.filter((name) => !closed.includes(name));
  const pulled = open.flatMap((name) => adoptFile(name, own.get(name), site.get(name)) ?? []);
  await refuseUncommitted(pulled, facts.force, context, edges);
  for (const { name, after } of pulled) if (after) writeSiteFile(context.checkout, name, after);
  report(facts, pulled, context);
  const isIniClosed = seen.get("planet.ini")?.state === "forbidden";
  const ignored = keys.filter((key) => !usable.includes(key) && !isPlanetsOwn(key));
  return conclude({ closed, isIniClosed, ignored, settings }, context);
}

function adoptFile(name: string, live: LiveObject | undefined, before: Uint8Array | undefined): PulledFile | undefined {
  if (live?.state !== "present") return undefined;
  const facts = { name, live: { sha256: sha256Of(live.bytes), bytes: live.bytes }, ...(before && { before }) };
  if (before && sha256Of(before) === facts.live.sha256) return { ...facts, kind: "same" };
  return { ...facts, kind: "take", after: live.bytes };
}

function report({ site }: AdoptFacts, pulled: readonly PulledFile[], { out }: Context): void {
  for (const { name, kind, before, live } of pulled) {
    const words = kind === "same" ? "the same here" : before ? "taken, replaces the one here" : "taken";
    out(`${name}: ${words}, ${live?.bytes.length} bytes\n`);
  }
  const more = [...site.keys()].filter((name) => !pulled.some((file) => file.name === name));
  for (const name of more) out(`${name}: only here; the deploy adds it, so delete it if you do not want it\n`);
}

interface Rest {
  /** Not public, so not taken. */
  readonly closed: readonly string[];
  readonly isIniClosed: boolean;
  readonly ignored: readonly string[];
  readonly settings: StackSettings;
}

function conclude({ closed, isIniClosed, ignored, settings }: Rest, { checkout, err }: Context): number {
  for (const key of ignored)
    err(visible(`${key}: left in the bucket as it is: its name ${nameProblem(key)}${adviceFor(key)}\n`));
  for (const name of closed) {
    err(
      `${name}: not public, so not taken; is it for the page, upload it again with --acl public-read and pull again\n`,
    );
  }
  if (isIniClosed) err("planet.ini: not public; upload it again with --acl public-read, else the deploy stops at it\n");
  const files = readSiteFiles(checkout);
  const problems = [...siteProblems(files), ...namedFileProblems(files)];
  for (const line of groupProblems(problems)) err(`${line}\n`);
  const isBroken = problems.some(({ level }) => level === "error");
  err(nextWords(settings, isBroken));
  return isBroken || isIniClosed ? 3 : 0;
}

/** What else may be done with a file that no planet can publish; its reason says what is wrong with the name. */
function adviceFor(key: string): string {
  if (/\.html?$/i.test(key)) return "; write its words into a text, about.md: docs/theme.md#texts";
  return /\.(js|mjs|php|cgi|py)$/i.test(key) ? "; a planet's pages run no programs" : "";
}

function nextWords({ stack, bucket }: StackSettings, isBroken: boolean): string {
  const option = stack === "" ? "" : ` --stack ${stack}`;
  const fix = "  fix the errors above; the preview then names the planet:overwrite that lets the fixed file through";
  return [
    "site/ now holds all of the bucket that a planet can publish. Next:",
    ...(isBroken ? [fix] : []),
    `  npx pulumi config set planet:address <the address that your DNS name points at>${option}`,
    "      it is adopted and never released; without it the stack allocates another one",
    `  git add site, commit; npx planet preview${option}; npx pulumi up${option}`,
    `The bucket "${bucket}" keeps its files; the deploy adds manifest.json and objects/. The old server runs until you`,
    "terminate it: the address has left it by then.",
    "",
  ].join("\n");
}
