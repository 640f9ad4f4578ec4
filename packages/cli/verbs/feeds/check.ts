import { resolve } from "node:path";
import { namedFileProblems, templateProblems } from "@planet/aggregator";
import { iniProblems, readPlanetIni, type SiteFile, type SiteProblem, siteProblems } from "@planet/content";
import { SITE } from "@planet/content/siteFolder";
import { createAction, UsageError } from "../../command.ts";
import { readSiteFiles } from "../../siteFolder.ts";
import { visible } from "../../text/visible.ts";
import { groupProblems } from "./groupProblems.ts";
import { readPlanetElsewhere } from "./planetElsewhere.ts";

interface Checked {
  /** What was looked at, for people. */
  readonly place: string;
  readonly problems: readonly SiteProblem[];
  readonly next?: string;
}

/** Offline: what a deploy and the server would report about the files. @returns 1 when there is an error. */
export const checkFeeds = createAction({
  positionals: "[file or folder]",
  options: { json: { type: "boolean", help: "for a script" } },
  async run({ values, positionals: [path, ...more] }, { checkout, out, err }) {
    if (more.length > 0) throw new UsageError({ code: "NOT_ONE_PLANET", what: "name one planet.ini, or its folder" });
    const own = [resolve(checkout, SITE), resolve(checkout, SITE, "planet.ini")];
    const isOwn = path === undefined || own.includes(resolve(path));
    const { place, problems, next } = isOwn ? await checkSite(readSiteFiles(checkout)) : await checkElsewhere(path);
    if (values.json) out(`${JSON.stringify(problems, null, 2)}\n`);
    else for (const line of groupProblems(problems, isOwn ? `${SITE}/` : "")) out(`${line}\n`);
    const errors = problems.filter(({ level }) => level === "error").length;
    err(visible(`${errors} error(s), ${problems.length - errors} warning(s) in ${place}\n${next ?? ""}`));
    return errors > 0 ? 1 : 0;
  },
});

async function checkSite(files: readonly SiteFile[]): Promise<Checked> {
  const problems = [...siteProblems(files), ...namedFileProblems(files), ...(await templateProblems(files))];
  return { place: `${SITE}/`, problems };
}

/** A planet that nobody has adopted yet: what a move would lose or change. */
async function checkElsewhere(path: string): Promise<Checked> {
  const { ini, files, elsewhere } = readPlanetElsewhere(path);
  const bytes = files[0]?.bytes ?? new Uint8Array();
  const found = [...iniProblems(bytes), ...namedFileProblems(files, elsewhere), ...(await templateProblems(files))];
  // As it lies there, and not as it will be called.
  const placed = (file: string) => (file === "planet.ini" ? ini : (elsewhere.get(file) ?? file));
  const problems = found.map((problem) => ({ ...problem, file: placed(problem.file) }));
  const { config } = readPlanetIni(bytes);
  const count = config === undefined ? "" : `, which has ${config.feeds.length} feed(s)`;
  const isUsable = config !== undefined && problems.every(({ level }) => level !== "error");
  const verdict = isUsable ? NEXT : "The errors stop a move; the warnings do not.\n";
  return { place: ini + count, problems, next: `${verdict}\n${whatAMoveChanges(problems)}` };
}

/** As docs/moving.md has it at length. */
function whatAMoveChanges(problems: readonly SiteProblem[]): string {
  const keys = problems.flatMap(({ code, text }) =>
    code === "ignored-key" ? (/^"([^"]+)"/.exec(text)?.[1] ?? []) : [],
  );
  const others = problems.filter(({ code, level }) => code !== "ignored-key" && level === "warning").length;
  const named =
    others === 0 ? "" : `, and what ${others === 1 ? "the other warning names" : `the other ${others} warnings name`}`;
  return [
    "What a move changes:",
    "  kept     addresses of pages and feeds, ids of entries, names, faces, filters, classic templates",
    `  ignored  ${keys.length === 0 ? "nothing" : [...new Set(keys)].join(", ")}`,
    `  lost     entries that only the old cache has${named}`,
    "",
  ].join("\n");
}

const NEXT = [
  "It can be used as it is. To move: copy it to site/planet.ini and the files that it names beside it, then",
  "`npx planet feeds check`. docs/moving.md says what is different here.",
  "",
].join("\n");
