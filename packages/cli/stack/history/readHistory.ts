import { type Context, OperatorError } from "../../command.ts";
import { doctorNext } from "../outputs.ts";
import type { PulumiReader } from "../runPulumi.ts";
import { readUpdates, type Update } from "./updates.ts";

const ALL = 100_000;

/** As many rollbacks in a row are known as such where nobody waits for more: a backend reads each update by itself. */
export const RECENT = 10;

/** The newest updates of the stack that its backend remembers, oldest first. */
export async function readHistory(
  stack: string,
  { read }: PulumiReader,
  context: Context,
  count = ALL,
): Promise<Update[]> {
  const args = ["stack", "history", "--json", "--page-size", String(count), "--non-interactive", "--stack", stack];
  const { code, stdout } = await read(args, context);
  if (code !== 0) {
    throw new OperatorError({
      code: "HISTORY_UNREADABLE",
      what: "The stack's history cannot be read; the reason is above.",
      next: doctorNext(stack),
    });
  }
  return readUpdates(stdout);
}
