import { join, relative } from "node:path";
import { type Action, type Context, createAction, type Given, OperatorError } from "../../command.ts";
import type { OptionTable } from "../../options.ts";
import type { SiteEdges } from "./edges.ts";
import { ALLOW_HOSTS, makeSite, problemLines } from "./makeSite.ts";
import { type OutFolder, openOutFolder } from "./outFolder.ts";
import { countsText, trouble } from "./reportText.ts";

const DEFAULT_OUT = ".planet/site";

const OPTIONS = {
  out: { type: "string", value: "folder", help: `where to write it (${DEFAULT_OUT})` },
  "allow-hosts": ALLOW_HOSTS,
} as const satisfies OptionTable;

/** Writes the website into a folder, whole or not at all. @returns 0 also when feeds fail: a server would publish that. */
export const createBuild = (edges: SiteEdges): Action =>
  createAction({ options: OPTIONS, run: (given, context) => build(given, context, edges) });

async function build({ values }: Given<typeof OPTIONS>, context: Context, edges: SiteEdges): Promise<number> {
  const folder = openOutFolder(values.out ?? join(context.checkout, DEFAULT_OUT), context.checkout);
  void edges.stopped().then(() => {
    folder.clean();
    edges.leave(STOPPED);
  });
  try {
    return await buildInto(folder, values["allow-hosts"], context, edges);
  } finally {
    folder.clean();
  }
}

/** As a shell says it of a command that Ctrl-C has ended. */
const STOPPED = 130;

async function buildInto(folder: OutFolder, allowHosts: string, context: Context, edges: SiteEdges): Promise<number> {
  const { partial: outDirectory, previous: previousDirectory } = folder;
  const making = { outDirectory, previousDirectory, allowHosts, fetchFeeds: true };
  const { report, ...made } = await makeSite(making, context, edges);
  if (report === undefined) {
    const why = problemLines(made).join("\n");
    throw new OperatorError({
      code: "SITE_BROKEN",
      what: "The site cannot be built.",
      why,
      next: "Nothing was written.",
    });
  }
  const count = folder.replace();
  for (const line of [...problemLines(made), ...trouble(report)]) context.err(`${line}\n`);
  context.out(`${relative(process.cwd(), folder.path) || "."}: ${count} files, ${countsText(report)}\n`);
  return 0;
}
