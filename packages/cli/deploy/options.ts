import { parseArgs } from "node:util";
import { type Context, OperatorError } from "../command.ts";
import { stackName } from "../stack/outputs.ts";
import type { PulumiReader } from "../stack/runPulumi.ts";
import type { OperationEdges } from "./edges.ts";

/** What the verbs that make a new server are told. */
export interface Options {
  readonly stack: string;
  readonly yes: boolean;
  readonly allowDirty: boolean;
  readonly json: boolean;
}

export const USAGE_OF_OPTIONS = `[--yes] [--allow-dirty] [--json] [--stack <stack>]

  --yes             do not ask before anything is changed
  --allow-dirty     deploy also what is not committed; \`planet rollback\` cannot come back to it
  --json            print the proof that readers were served all the time, for a script
  --stack <stack>   another stack than the selected one`;

export async function readOptions(argv: string[], edges: PulumiReader, context: Context): Promise<Options> {
  const { values } = parseArgs({
    args: argv,
    options: {
      stack: { type: "string", default: "" },
      yes: { type: "boolean", default: false },
      "allow-dirty": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const { yes, "allow-dirty": allowDirty, json } = values;
  return { stack: await stackName(values.stack, edges, context), yes, allowDirty, json };
}

/** @throws {OperatorError} when the answer is no. */
export async function agree(
  question: string,
  { yes }: Pick<Options, "yes">,
  { confirm }: Pick<OperationEdges, "confirm">,
): Promise<void> {
  if (!yes && !(await confirm(question))) throw new OperatorError("Nothing was changed.");
}
