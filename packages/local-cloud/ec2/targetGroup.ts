import type { SecurityGroup } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { groupNotFound, internalFailure } from "./errors.ts";

/** The group that a change names, by id or by name. */
export function targetGroup(
  world: World,
  { GroupId, GroupName }: { GroupId: string | undefined; GroupName: string | undefined },
): SecurityGroup {
  if (!GroupId && !GroupName) throw internalFailure("GroupId or GroupName required");
  const group = GroupId ? world.group(GroupId) : world.groupNamed(GroupName ?? "");
  if (!group) throw groupNotFound(GroupId ?? GroupName ?? "");
  return group;
}
