import { type Context, OperatorError } from "../command.ts";
import { type OptionTable, STACK, type Values } from "../options.ts";
import { stackName } from "../stack/outputs.ts";
import type { PulumiReader } from "../stack/runPulumi.ts";
import type { OperationEdges } from "./edges.ts";

/** Of the verbs that make a new server. */
export const OPTIONS = {
  yes: { type: "boolean", help: "do not ask before anything is changed" },
  "allow-dirty": {
    type: "boolean",
    help: "deploy also what is not committed; `planet rollback` cannot come back to it",
  },
  json: { type: "boolean", help: "print the proof that readers were served all the time, for a script" },
  stack: STACK,
} as const satisfies OptionTable;

/** What was asked of these verbs; the stack has its name. */
export interface Options {
  readonly stack: string;
  readonly yes: boolean;
  readonly allowDirty: boolean;
  readonly json: boolean;
}

export async function completeOptions(
  { stack, yes, "allow-dirty": allowDirty, json }: Values<typeof OPTIONS>,
  edges: PulumiReader,
  context: Context,
): Promise<Options> {
  return { stack: await stackName(stack, edges, context), yes, allowDirty, json };
}

/** @throws {OperatorError} when the answer is no. */
export async function agree(
  question: string,
  { yes }: Pick<Options, "yes">,
  { confirm }: Pick<OperationEdges, "confirm">,
): Promise<void> {
  if (!yes && !(await confirm(question))) throw new OperatorError({ code: "DECLINED", what: "Nothing was changed." });
}
