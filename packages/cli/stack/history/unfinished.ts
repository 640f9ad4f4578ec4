import type { StackState } from "../state.ts";
import type { Update } from "./updates.ts";

const INSTANCE_TYPE = "aws:ec2/instance:Instance";
const SECOND_MS = 1_000;

/**
 * Whether the state differs from what the last update left: a run that was killed is not in the history, but it wrote the
 * state, and only a run does. It may have left two servers or a condemned resource, and a refresh after it leaves them, too.
 * Pending operations do not count: one whose settings were given up stays forever. Pure.
 */
export function isUnfinished(
  { savedMs, resources }: Pick<StackState, "savedMs" | "resources">,
  updates: readonly Pick<Update, "endTime">[],
): boolean {
  const endMs = Date.parse(updates.at(-1)?.endTime ?? "");
  const servers = resources.filter(({ type, isCondemned }) => type === INSTANCE_TYPE && !isCondemned);
  // The end has whole seconds, rounded down.
  return savedMs >= endMs + SECOND_MS || servers.length > 1 || resources.some(({ isCondemned }) => isCondemned);
}
