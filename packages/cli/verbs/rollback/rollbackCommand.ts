import { type Command, createCommand, UsageError } from "../../command.ts";
import { realOperationEdges } from "../../deploy/edges.ts";
import { refuseLocked } from "../../deploy/refuseLocked.ts";
import { STACK } from "../../options.ts";
import { inServiceOf } from "../../stack/history/inService.ts";
import { readHistory } from "../../stack/history/readHistory.ts";
import { stackName } from "../../stack/outputs.ts";
import { absoluteEnvironment, prepareWorktree } from "./prepareWorktree.ts";
import { previewInFolder } from "./previewBack.ts";
import { rollBack } from "./rollBack.ts";
import type { RollbackEdges } from "./session.ts";
import { listUpdates } from "./texts.ts";

export const rollbackCommand = createRollbackCommand({
  ...realOperationEdges,
  preview: previewInFolder,
  prepare: prepareWorktree,
});

/** Deploys the commit of an earlier update again: the deploy path on purpose, it is rehearsed every day. */
export function createRollbackCommand(edges: RollbackEdges): Command {
  return createCommand({
    name: "rollback",
    summary: "Go back to an earlier update: its program, settings, site/ and user-data",
    options: {
      to: {
        type: "string",
        value: "update",
        help: "to this update, not to the newest one before that changed something",
      },
      list: { type: "boolean", help: "show the updates and their numbers" },
      yes: { type: "boolean", help: "do not ask" },
      json: { type: "boolean", help: "the proof, or the list, for a script" },
      stack: STACK,
    },

    async run({ values }, given) {
      const { list, yes, json } = values;
      const to = updateNumber(values.to);
      const context = { ...given, environment: absoluteEnvironment(given.environment, given.checkout) };
      const stack = await stackName(values.stack, edges, context);
      const updates = await readHistory(stack, edges, context);
      if (list) {
        context.out(json ? `${JSON.stringify(updates, null, 2)}\n` : listUpdates(updates, inServiceOf(updates)));
        return 0;
      }
      await refuseLocked(stack, edges, context);
      await rollBack({ stack, options: { to, yes, json }, updates, edges, context });
      return 0;
    },
  });
}

function updateNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  const what = `--to takes an update's number, not "${text}"`;
  throw new UsageError({ code: "NOT_A_NUMBER", what, next: "--list shows them." });
}
