import { type Context, OperatorError } from "../command.ts";
import { readUpdates, type Update } from "../history/updates.ts";
import type { OperationEdges } from "./edges.ts";

/** The CLI shows ten unless told otherwise. */
const ALL = ["--page-size", "100000"];

/** Every update of the stack that its backend remembers, oldest first. */
export async function readHistory(
  stack: string,
  { read }: Pick<OperationEdges, "read">,
  context: Context,
): Promise<Update[]> {
  const args = ["stack", "history", "--json", ...ALL, "--non-interactive", "--stack", stack];
  const { code, stdout } = await read(args, context);
  if (code !== 0) throw new OperatorError("The stack's history cannot be read; the reason is above.");
  return readUpdates(stdout);
}
