import { join } from "node:path";
import { iniProblems, namedFiles, readPlanetIni, refuseEdit } from "@planet/content";
import { type LiveBucket, type ReadLive, readLiveBucket, readObjects } from "@planet/content/live";
import { messageOf } from "@planet/errors";
import { type Action, type Context, createAction, type Given, OperatorError } from "../../command.ts";
import { type OptionTable, STACK } from "../../options.ts";
import { readSiteFiles, writeSiteFile, writeWhole } from "../../siteFolder.ts";
import { readStackSettings, type StackSettings, stackOption } from "../../stack/settings.ts";
import { visible } from "../../text/visible.ts";
import { adoptBucket } from "./adopt.ts";
import { describePulled, pulledPath } from "./describePulled.ts";
import type { FeedsEdges } from "./edges.ts";
import { groupProblems } from "./groupProblems.ts";
import { type PulledFile, planPull } from "./planPull.ts";
import { readBases } from "./readBases.ts";
import { refuseUncommitted } from "./refuseUncommitted.ts";
import { setOverwrites } from "./setOverwrites.ts";

const OPTIONS = {
  adopt: { type: "boolean", help: "take all files of a planet that was run by hand" },
  yes: { type: "boolean", help: "overwrite also what is not committed" },
  stack: STACK,
} as const satisfies OptionTable;

/** Brings what operators changed in the bucket into site/, as a change to be reviewed and committed. */
export const createPull = (edges: FeedsEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => pullEdits(given, context, edges) });

async function pullEdits({ values }: Given<typeof OPTIONS>, context: Context, edges: FeedsEdges): Promise<number> {
  const settings = await readStackSettings(edges.pulumi, values.stack, context);
  const read = edges.reader(settings.bucketUrl);
  const site = new Map(readSiteFiles(context.checkout).map(({ name, bytes }) => [name, bytes]));
  const bucket = await readWithNamed(read, [...site.keys()]).catch((error: unknown) => unreachable(settings, error));
  checkManifest(bucket, settings);
  const isNew = bucket.manifest.state === "missing";
  if (values.adopt) {
    if (!isNew) {
      throw new OperatorError({
        code: "ALREADY_ADOPTED",
        what: "This bucket is adopted already: it has a manifest.",
        next: "Repeat without --adopt. Nothing was changed.",
      });
    }
    return adoptBucket({ settings, site, force: values.yes, anonymous: read }, context, edges);
  }
  if (isNew) {
    throw new OperatorError({
      code: "NOT_PUBLISHED",
      what: `${settings.bucketUrl} has no manifest.`,
      why: "Nothing was published there by this program.",
      next: "`npx planet feeds pull --adopt` takes over a planet that was run by hand; for a new one there is nothing to pull.",
    });
  }
  const bases = await readBases({ bucket, site }, read, (name) => edges.committed(context.checkout, name));
  const pulled = await planPull({ bucket, site, bases }, edges.merge);
  await refuseUncommitted(pulled, values.yes, context, edges);
  return finish(pulled, settings, context, edges);
}

/** Besides the published names: faces and templates that a live planet.ini names, since an operator may add those. */
async function readWithNamed(read: ReadLive, names: readonly string[]): Promise<LiveBucket> {
  const bucket = await readLiveBucket(read, names);
  const ini = bucket.objects.get("planet.ini");
  // The files of a planet.ini that the server has rejected are not wanted either.
  const isUsable = ini?.state === "present" && !refuseEdit("planet.ini", ini.bytes, undefined);
  const config = isUsable ? readPlanetIni(ini.bytes).config : undefined;
  const more = (config ? namedFiles(config) : []).filter((name) => !bucket.objects.has(name));
  return { ...bucket, objects: new Map([...bucket.objects, ...(await readObjects(read, more))]) };
}

function unreachable({ bucketUrl }: StackSettings, error: unknown): never {
  throw new OperatorError({
    code: "BUCKET_UNREADABLE",
    what: `${bucketUrl} cannot be read:`,
    why: visible(`${messageOf(error)}.`),
    next: "Check planet:endpoint and the network. Nothing was changed.",
  });
}

/** The program refuses the same buckets; a pull from another planet would publish its feeds here. */
function checkManifest({ manifest }: LiveBucket, { bucketUrl, stack }: StackSettings): void {
  if (manifest.state === "forbidden") {
    throw new OperatorError({
      code: "MANIFEST_FORBIDDEN",
      what: `${bucketUrl}/manifest.json may not be read (403).`,
      next: "Give it the ACL public-read. Nothing was changed.",
    });
  }
  if (manifest.state === "unreadable") {
    throw new OperatorError({
      code: "MANIFEST_UNREADABLE",
      what: `The manifest of ${bucketUrl} cannot be used:`,
      why: `${visible(manifest.reason)}.`,
      next: "Remove that object if it is not a planet's, or use the version of this program that wrote it. Nothing was changed.",
    });
  }
  const owner = manifest.state === "present" ? manifest.manifest.stack : stack;
  if (stack !== "" && owner !== stack) {
    throw new OperatorError({
      code: "OTHER_STACKS_BUCKET",
      what: visible(`${bucketUrl} belongs to stack "${owner}", not to "${stack}".`),
      next: "Check planet:bucket and --stack. Nothing was changed.",
    });
  }
}

async function finish(
  pulled: readonly PulledFile[],
  settings: StackSettings,
  context: Context,
  edges: FeedsEdges,
): Promise<number> {
  const { checkout, out, err } = context;
  for (const file of pulled) {
    if (file.after) writeSiteFile(checkout, file.name, file.after);
    if (file.kind === "conflict" && file.live) writeWhole(join(checkout, pulledPath(file.name)), file.live.bytes);
    out(`${describePulled(file, settings)}\n`);
  }
  const isSet = await setOverwrites(pulled, settings, context, edges);
  if (pulled.length === 0) {
    err("No edits in the bucket: site/ and what is live differ by nothing that an operator did.\n");
    return isSet ? 0 : 3;
  }
  const ini = pulled.find(({ name, after }) => name === "planet.ini" && after)?.after;
  for (const line of groupProblems(iniProblems(ini))) err(`${line}\n`);
  const isOpen = pulled.some(({ kind }) => kind === "conflict" || kind === "closed" || kind === "rejected");
  err(nextWords(isOpen, settings));
  return isOpen || !isSet ? 3 : 0;
}

function nextWords(isOpen: boolean, { stack }: StackSettings): string {
  const preview = ["npx planet preview", ...stackOption(stack)].join(" ");
  if (isOpen) return `Not finished: fix what is named above by hand, then look with \`${preview}\`.\n`;
  return `Next: look with \`git diff\`, commit, and see what a deploy would do: ${preview}\n`;
}
