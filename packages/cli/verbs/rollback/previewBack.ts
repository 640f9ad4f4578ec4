import type { Change } from "../../change/change.ts";
import { previewChange, realPreviewEdges } from "../../change/previewChange.ts";
import { reportOf } from "../../change/report.ts";
import { renderTerminal } from "../../change/terminal.ts";
import { type Context, OperatorError } from "../../command.ts";
import { readPulumi } from "../../stack/runPulumi.ts";
import type { Session } from "./session.ts";

/** What a deploy of another folder would do. */
export type PreviewIn = (project: string, stack: string, context: Context) => Promise<Change>;

/** Shows what going back would do. @throws {OperatorError} when it would be refused, or cannot be told. */
export async function previewBack(
  project: string,
  number: number,
  { stack, edges, context }: Session,
): Promise<Change> {
  const change = await edges.preview(project, stack, context);
  // Its own last lines are about deploying this checkout.
  context.err(`\n${renderTerminal({ ...reportOf(change), footer: [] })}\n`);
  if (change.verdict === "failed") {
    throw new OperatorError(
      "Nothing was changed: what going back would do cannot be told; the reason is above.\n" +
        `Mend that, then \`npx planet rollback --to ${number} --stack ${stack}\`.`,
    );
  }
  if (change.verdict === "refused") {
    const way =
      (change.liveEdits ?? []).length === 0
        ? "Mend that"
        : `Bring the edit into the repository first: \`npx planet feeds pull\`, commit, \`npx pulumi up --stack ${stack}\``;
    throw new OperatorError(
      "Nothing was changed: going back is refused for the reason above.\n" +
        `${way}, then \`npx planet rollback --to ${number} --stack ${stack}\`.`,
    );
  }
  return change;
}

/** The real edge: runs the CLI in that folder, whose program is not this checkout's. */
export const previewInFolder: PreviewIn = (project, stack, context) => {
  const pulumi = (args: readonly string[], within: Context) => readPulumi(args, within, { cwd: project });
  const edges = { ...realPreviewEdges, pulumi, undone: async () => [] };
  return previewChange({ stack, refresh: true }, edges, context);
};
