import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildLocally, type LocalSite } from "@planet/aggregator";
import { formatProblem, type SiteFile } from "@planet/content";
import { codeOf, ExplainedError, messageOf } from "@planet/errors";
import { type Context, OperatorError } from "../../command.ts";
import type { Setting } from "../../options.ts";
import { readSiteFiles } from "../../siteFolder.ts";
import { visible } from "../../text/visible.ts";
import type { SiteEdges } from "./edges.ts";

/** Below the checkout; `npm run clean` removes it. */
const CACHE = ".planet/site-cache";

export const ALLOW_HOSTS = {
  type: "string",
  value: "hosts",
  default: "",
  help: "feeds that may have private addresses, as planet:allowHosts of a stack: a.example,*.b.example,10.0.0.0/8",
} as const satisfies Setting;

export interface Making {
  readonly outDirectory: string;
  /** What was made before: equal bytes keep their time. */
  readonly previousDirectory?: string | undefined;
  readonly allowHosts: string;
  /** False: only what the cache has. */
  readonly fetchFeeds: boolean;
}

/** Makes the website of site/ as it is now. @throws {OperatorError} when the folder cannot be read. */
export function makeSite({ allowHosts, ...making }: Making, context: Context, edges: SiteEdges): Promise<LocalSite> {
  const { answerFor, clock, isWatched } = edges;
  return buildLocally({
    ...making,
    site: readWholeSite(context.checkout),
    cacheDirectory: join(context.checkout, CACHE),
    allowHosts: allowHosts.split(",").filter((host) => host !== ""),
    answerFor,
    now: clock(),
    log: () => {}, // the report names each feed that fails
    ...(isWatched && { onFeedDone: countFeeds(context) }),
  });
}

/** Whether any feed has ever been read here. */
export const isAnythingKnown = ({ checkout }: Context): boolean => existsSync(join(checkout, CACHE));

function readWholeSite(checkout: string): SiteFile[] {
  try {
    return readSiteFiles(checkout);
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    throw new OperatorError(
      { code: "SITE_UNREADABLE", what: "site/ cannot be read.", why: messageOf(error) },
      { cause: error },
    );
  }
}

/** A file went away while the folder was read: somebody is at work there. */
export const isInMotion = (error: unknown): boolean => Error.isError(error) && codeOf(error.cause) === "ENOENT";

/** One line that counts, so that a slow feed can be seen; each count is as long as the one before, or longer. */
const countFeeds =
  ({ err }: Context) =>
  (done: number, due: number) =>
    err(`\r• ${done} of ${due} feeds read${done === due ? "\n" : ""}`);

/** A line for each problem, as compilers write it. */
export const problemLines = ({ problems }: LocalSite): string[] =>
  problems.map((problem) => visible(formatProblem(problem)));
