import type { SecurityGroup } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { groupNotFound, internalFailure } from "./errors.ts";
import { groupById } from "./resourceIds.ts";

/** The group that a change names. The name goes before the id, also an empty one. Source: Corymbia/eucalyptus `NetworkGroupManager.java`. */
export function targetGroup(
  world: World,
  { GroupId, GroupName }: { GroupId: string | undefined; GroupName: string | undefined },
): SecurityGroup {
  if (GroupName === undefined) {
    if (GroupId === undefined) throw internalFailure("Group id or name required");
    return groupById(world, GroupId);
  }
  const group = GroupName === "default" ? world.defaultGroup() : world.groupNamed(GroupName);
  if (!group) throw groupNotFound(GroupName);
  return group;
}
