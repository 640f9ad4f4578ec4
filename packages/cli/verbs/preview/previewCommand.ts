import { parseArgs } from "node:util";
import { type LiveBucket, publicReader, readLiveBucket } from "@planet/content/live";
import { publicBucketUrl } from "@planet/eucalyptus-client";
import { toolchainEnvironment } from "@planet/toolchain";
import type { Change } from "../../change/change.ts";
import { keyOf, liveSteps } from "../../change/contentTexts.ts";
import { describeChange, failedChange } from "../../change/describeChange.ts";
import { renderMarkdown } from "../../change/markdown.ts";
import { type Preview, parsePreview } from "../../change/previewJson.ts";
import { reportOf } from "../../change/report.ts";
import { renderTerminal } from "../../change/terminal.ts";
import { type Command, type Context, UsageError } from "../../command.ts";
import { createGit } from "../../git.ts";
import { RECENT, readHistory } from "../../stack/history/readHistory.ts";
import { undoneHere } from "../../stack/history/undone.ts";
import { stackName } from "../../stack/outputs.ts";
import { readPulumi } from "../../stack/runPulumi.ts";
import { cleanse, secretValues } from "../../text/visible.ts";

/** What the verb needs of the world. */
export interface PreviewEdges {
  readonly pulumi: (args: readonly string[], context: Context) => Promise<{ code: number; stdout: string }>;
  /** Rejects when the bucket cannot be read. */
  readonly readBucket: (bucketUrl: string, names: readonly string[]) => Promise<LiveBucket>;
  /** Files of this checkout that a rollback has undone; none where nobody can tell. */
  readonly undone: (stack: string, context: Context) => Promise<readonly string[]>;
  /** The environment that the CLI ran with; its secret values are not shown. */
  readonly environmentOf: (stack: string, context: Context) => Promise<NodeJS.ProcessEnv>;
}

export const previewEdges: PreviewEdges = {
  pulumi: readPulumi,
  readBucket: (bucketUrl, names) => readLiveBucket(publicReader(bucketUrl), names),
  undone: async (stack, context) => {
    const updates = await readHistory(stack, { read: readPulumi }, context, RECENT).catch(() => []);
    return undoneHere(stack, updates, createGit(context.checkout));
  },
  environmentOf: (stack, { checkout, environment: env }) =>
    toolchainEnvironment({ checkout, stack, env, onNotice: () => {} }),
};

export const previewCommand = createPreviewCommand(previewEdges);

/** Says in words what `pulumi up` would do; the words come from the engine's own preview and from the bucket. */
export function createPreviewCommand(edges: PreviewEdges): Command {
  return {
    name: "preview",
    summary: "Say in words what a deploy would do: content or new server, feeds, files, address",
    usage: `planet preview [--stack <stack>] [--refresh] [--expect-no-changes] [--json | --markdown]

  --refresh             look first at what is really there, in a commit whose Pulumi.yaml does not say so yet
  --expect-no-changes   exit 1 when something would change, or the bucket has an edit
  --markdown            the comment of a pull request`,

    async run(argv, context) {
      const { values } = parseArgs({
        args: argv,
        options: {
          stack: { type: "string" },
          refresh: { type: "boolean" },
          "expect-no-changes": { type: "boolean" },
          json: { type: "boolean" },
          markdown: { type: "boolean" },
        },
      });
      if (values.json && values.markdown) throw new UsageError("--json and --markdown exclude each other");
      const options = [
        ...(values.stack === undefined ? [] : ["--stack", values.stack]),
        ...(values.refresh ? ["--refresh"] : []),
      ];
      const change = await previewChange(values.stack, options, edges, context);
      if (values.json) context.out(`${JSON.stringify(change, null, 2)}\n`);
      else context.out(values.markdown ? renderMarkdown(reportOf(change)) : renderTerminal(reportOf(change)));
      return exitCodeOf(change, values["expect-no-changes"] ?? false);
    },
  };
}

/** An edit in the bucket is a difference from the repository, although the deploy leaves it alone. */
function exitCodeOf({ verdict, liveEdits = [] }: Change, expectNoChanges: boolean): number {
  if (verdict === "refused" || verdict === "failed") return 1;
  return expectNoChanges && (verdict !== "nothing" || liveEdits.length > 0) ? 1 : 0;
}

/** The change, fit to be shown. */
async function previewChange(
  stack: string | undefined,
  options: readonly string[],
  edges: PreviewEdges,
  context: Context,
): Promise<Change> {
  const { code, stdout } = await edges.pulumi(["preview", "--json", "--non-interactive", ...options], context);
  const preview = parsePreview(stdout);
  const name = preview?.stack ?? stack ?? (await selectedStack(edges, context));
  const change =
    preview && (code === 0 || preview.diagnostics.some(({ severity }) => severity === "error"))
      ? await withUndone(
          describeChange({ stack: name, preview, bucket: await bucketOf(preview, edges) }),
          edges,
          context,
        )
      : failedChange(name, code);
  return cleanse(change, secretValues(await edges.environmentOf(name, context)));
}

/** A deploy of what was just rolled back is not what its author means, most likely. */
async function withUndone(change: Change, { undone }: PreviewEdges, context: Context): Promise<Change> {
  const files = change.verdict === "nothing" ? [] : await undone(change.stack, context);
  if (files.length === 0) return change;
  const warning = `It brings back what the last rollback has undone: ${files.join(", ")}.`;
  return { ...change, warnings: [warning, ...change.warnings] };
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
