import { type Context, OperatorError } from "../command.ts";
import { judgeLock, unlock } from "../stack/judgeLock.ts";
import { isUnreadable } from "../text/unreadable.ts";
import type { OperationEdges } from "./edges.ts";

/**
 * The CLI refuses a locked stack, too, but only after we have written the next generation and started to probe.
 * @throws {OperatorError} when somebody is working on the stack, or a killed run has left its lock.
 */
export async function refuseLocked(
  stack: string,
  { locks: locksOf }: Pick<OperationEdges, "locks">,
  context: Context,
): Promise<void> {
  const locks = await locksOf(stack, context);
  const [lock] = locks === "unknown" || isUnreadable(locks) ? [] : locks;
  if (!lock) return;
  const { text, next } = judgeLock(lock, stack, new Date());
  const isLeft = next !== undefined;
  const advice = isLeft ? `\`${unlock(stack)}\`` : "Wait until that update has ended";
  throw new OperatorError({
    code: "STACK_LOCKED",
    what: `The stack "${stack}" is locked:`,
    why: `${text}.`,
    next: `${advice}, then repeat this command. Nothing was changed.`,
  });
}
