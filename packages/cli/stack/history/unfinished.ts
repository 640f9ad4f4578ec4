import type { StackState } from "../state.ts";
import type { Update } from "./updates.ts";

const INSTANCE_TYPE = "aws:ec2/instance:Instance";
const SECOND_MS = 1_000;

/**
 * Whether the state is not what the last update has left: a run that was killed is in no history, but it wrote the state, and
 * nothing but a run does. It may have left two servers or a condemned resource, which a refresh after it leaves, too. Not by
 * pending operations: one whose settings were given up stays for ever. Pure.
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
