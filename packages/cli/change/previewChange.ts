import { readFile } from "node:fs/promises";
import { type LiveBucket, publicReader, readLiveBucket } from "@planet/content/live";
import { publicBucketUrl } from "@planet/eucalyptus-client";
import type { Context } from "../command.ts";
import { createGit } from "../git.ts";
import { describeSilent } from "../page/notYet.ts";
import { readServed, type Served } from "../page/readServed.ts";
import { RECENT, readHistory } from "../stack/history/readHistory.ts";
import { shortList, uncommittedSources } from "../stack/history/uncommitted.ts";
import { undoneHere } from "../stack/history/undone.ts";
import { stackName } from "../stack/outputs.ts";
import { quietEnvironment } from "../stack/quietEnvironment.ts";
import { readPulumi } from "../stack/runPulumi.ts";
import { stackOption } from "../stack/settings.ts";
import { cleanse, secretValues } from "../text/visible.ts";
import type { Change } from "./change.ts";
import { keyOf, liveSteps } from "./contentTexts.ts";
import { describeChange, failedChange } from "./describeChange.ts";
import { type Preview, parsePreview } from "./previewJson.ts";

/** What a preview needs of the world. */
export interface PreviewEdges {
  readonly pulumi: (args: readonly string[], context: Context) => Promise<{ code: number; stdout: string }>;
  /** Rejects when the bucket cannot be read. */
  readonly readBucket: (bucketUrl: string, names: readonly string[]) => Promise<LiveBucket>;
  /** Files of this checkout that a rollback has undone; none where that is not known. */
  readonly undone: (stack: string, context: Context) => Promise<readonly string[]>;
  /** Files that a deploy would read and that are not committed; none outside a git work tree. */
  readonly uncommitted: (stack: string, context: Context) => Promise<readonly string[]>;
  /** What readers get now. */
  readonly page: (url: string) => Promise<Served>;
  /** The environment that the CLI ran with; its secret values are not shown. */
  readonly environmentOf: (stack: string, context: Context) => Promise<NodeJS.ProcessEnv>;
}

export const realPreviewEdges: PreviewEdges = {
  pulumi: readPulumi,
  readBucket: (bucketUrl, names) => readLiveBucket(publicReader(bucketUrl), names),
  undone: async (stack, context) => {
    const updates = await readHistory(stack, { read: readPulumi }, context, RECENT).catch(() => []);
    return (await undoneHere(stack, updates, createGit(context.checkout)))?.files ?? [];
  },
  uncommitted: async (stack, { checkout }) => {
    const git = createGit(checkout);
    const commit = await git.head();
    const readText = (file: string) => readFile(file, "utf8").catch(() => undefined);
    return commit === undefined ? [] : uncommittedSources(stack, commit, { checkout, git, readText });
  },
  page: readServed,
  environmentOf: quietEnvironment,
};

export interface PreviewRequest {
  /** Empty for the one that is selected. */
  readonly stack: string;
  /** Looks first at what is really there. */
  readonly refresh: boolean;
}

/** What `pulumi up` would do, fit to be shown; the words come from the engine's own preview and from the bucket. */
export async function previewChange(
  { stack, refresh }: PreviewRequest,
  edges: PreviewEdges,
  context: Context,
): Promise<Change> {
  const options = [...stackOption(stack), ...(refresh ? ["--refresh"] : [])];
  const { code, stdout } = await edges.pulumi(["preview", "--json", "--non-interactive", ...options], context);
  const preview = parsePreview(stdout);
  const name = preview?.stack ?? (stack || (await selectedStack(edges, context)));
  const change =
    preview && (code === 0 || preview.diagnostics.some(({ severity }) => severity === "error"))
      ? await withSources(
          describeChange({ stack: name, preview, bucket: await bucketOf(preview, edges) }),
          edges,
          context,
        )
      : failedChange(name, code);
  return cleanse(change, secretValues(await edges.environmentOf(name, context)));
}

/** In its place a word that says in every advice what has to be given: most likely no stack is selected. */
async function selectedStack({ pulumi: read }: PreviewEdges, context: Context): Promise<string> {
  return stackName("", { read }, context).catch(() => "<stack>");
}

/** Undefined when it cannot be read: the preview itself then says why, since the pre-flight reads the same. */
async function bucketOf(preview: Preview, { readBucket }: PreviewEdges): Promise<LiveBucket | undefined> {
  const { "planet:endpoint": endpoint, "planet:bucket": bucket } = preview.config;
  if (endpoint === undefined || bucket === undefined) return undefined;
  try {
    return await readBucket(publicBucketUrl(endpoint, bucket), liveSteps(preview).map(keyOf));
  } catch {
    return undefined;
  }
}

/** What a new server may not have at first, and the one in service has. */
async function silentFeeds({ server, address: { before } }: Change, { page }: PreviewEdges): Promise<string> {
  if (before === undefined || (server?.kind !== "new" && server?.kind !== "again")) return "";
  const served = await page(`http://${before}/`);
  return served.kind === "planet" ? describeSilent(served.status).trimEnd() : "";
}

/** What the page shows, and the checkout: what was just rolled back, and what no rollback could come back to. */
async function withSources(change: Change, edges: PreviewEdges, context: Context): Promise<Change> {
  if (change.verdict === "nothing") return change;
  const undone = await edges.undone(change.stack, context);
  const open = await edges.uncommitted(change.stack, context);
  const silent = await silentFeeds(change, edges);
  const warnings = [
    ...(silent === "" ? [] : [silent]),
    // Not what its author means, most likely.
    ...(undone.length > 0 ? [`It brings back what the last rollback has undone: ${undone.join(", ")}.`] : []),
    ...(open.length > 0 ? [`Not committed, so that no rollback can come back to it: ${shortList(open)}.`] : []),
  ];
  return { ...change, warnings: [...warnings, ...change.warnings] };
}
