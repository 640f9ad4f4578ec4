import type { Change } from "../../change/change.ts";
import { previewChange, realPreviewEdges } from "../../change/previewChange.ts";
import { reportOf } from "../../change/report.ts";
import { renderTerminal } from "../../change/terminal.ts";
import { type Context, OperatorError } from "../../command.ts";
import { readPulumi } from "../../stack/runPulumi.ts";
import type { Session } from "./session.ts";

/** What a deploy of another folder would do. */
export type PreviewIn = (project: string, stack: string, context: Context) => Promise<Change>;

/** Shows what going back would do. @throws {OperatorError} when it would be refused, or has no preview. */
export async function previewBack(
  project: string,
  number: number,
  { stack, edges, context }: Session,
): Promise<Change> {
  const change = await edges.preview(project, stack, context);
  // Its own last lines are about deploying this checkout.
  context.err(`\n${renderTerminal({ ...reportOf(change), footer: [] })}\n`);
  const repeat = `\`npx planet rollback --to ${number} --stack ${stack}\`. Nothing was changed.`;
  if (change.verdict === "failed") {
    throw new OperatorError({
      code: "NO_ROLLBACK_PREVIEW",
      what: "Going back has no preview; the reason is above.",
      next: `Fix that, then ${repeat}`,
    });
  }
  if (change.verdict === "refused") {
    const first =
      (change.liveEdits ?? []).length === 0
        ? "Fix that"
        : `Bring the edit into the repository first: \`npx planet feeds pull\`, commit, \`npx pulumi up --stack ${stack}\``;
    throw new OperatorError({
      code: "ROLLBACK_REFUSED",
      what: "Going back is refused for the reason above.",
      next: `${first}, then ${repeat}`,
    });
  }
  return change;
}

/** The real edge: runs the CLI in that folder, whose program is not this checkout's. */
export const previewInFolder: PreviewIn = (project, stack, context) => {
  const pulumi = (args: readonly string[], within: Context) => readPulumi(args, within, { cwd: project });
  const edges = { ...realPreviewEdges, pulumi, undone: async () => [], uncommitted: async () => [] };
  return previewChange({ stack, refresh: true }, edges, context);
};
