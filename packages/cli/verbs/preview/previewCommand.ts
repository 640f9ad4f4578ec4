import type { Change } from "../../change/change.ts";
import { renderMarkdown } from "../../change/markdown.ts";
import { type PreviewEdges, previewChange, realPreviewEdges } from "../../change/previewChange.ts";
import { reportOf } from "../../change/report.ts";
import { renderTerminal } from "../../change/terminal.ts";
import { type Command, createCommand, UsageError } from "../../command.ts";
import { STACK } from "../../options.ts";

export const previewCommand = createPreviewCommand(realPreviewEdges);

/** Says in words what `pulumi up` would do. */
export function createPreviewCommand(edges: PreviewEdges): Command {
  return createCommand({
    name: "preview",
    summary: "Say in words what a deploy would do: content or new server, feeds, files, address",
    options: {
      stack: STACK,
      refresh: {
        type: "boolean",
        help: "look first at what is really there, in a commit whose Pulumi.yaml does not say so yet",
      },
      "expect-no-changes": {
        type: "boolean",
        help: "exit 1 when something would change, or the bucket has an edit",
      },
      json: { type: "boolean", help: "the change, for a script" },
      markdown: { type: "boolean", help: "the comment of a pull request" },
    },

    async run({ values }, context) {
      const { stack, refresh, json, markdown } = values;
      if (json && markdown) {
        throw new UsageError({ code: "TWO_FORMATS", what: "--json and --markdown exclude each other" });
      }
      const change = await previewChange({ stack, refresh }, edges, context);
      if (json) context.out(`${JSON.stringify(change, null, 2)}\n`);
      else context.out(markdown ? renderMarkdown(reportOf(change)) : renderTerminal(reportOf(change)));
      return exitCodeOf(change, values["expect-no-changes"]);
    },
  });
}

/** An edit in the bucket is a difference from the repository, although the deploy leaves it alone. */
function exitCodeOf({ verdict, liveEdits = [] }: Change, expectNoChanges: boolean): number {
  if (verdict === "refused" || verdict === "failed") return 1;
  return expectNoChanges && (verdict !== "nothing" || liveEdits.length > 0) ? 1 : 0;
}
