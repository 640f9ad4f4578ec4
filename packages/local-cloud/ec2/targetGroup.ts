import type { SecurityGroup } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { groupNotFound, internalFailure } from "./errors.ts";
import { groupById } from "./resourceIds.ts";

/** The group that a change names, by id or by name. */
export function targetGroup(
  world: World,
  { GroupId, GroupName }: { GroupId: string | undefined; GroupName: string | undefined },
): SecurityGroup {
  if (!GroupId && !GroupName) throw internalFailure("Group id or name required");
  if (GroupId) return groupById(world, GroupId);
  const group = GroupName === "default" ? world.defaultGroup() : world.groupNamed(GroupName ?? "");
  if (!group) throw groupNotFound(GroupName ?? "");
  return group;
}
