import type { XmlNode } from "../wire/xml.ts";
import type { World } from "../world/world.ts";

/** A group deleted after the instance's end is left out. */
export function groupSet(world: World, groupIds: readonly string[]): XmlNode[] {
  return groupIds.flatMap((groupId) => {
    const group = world.group(groupId);
    return group ? [{ groupId, groupName: group.groupName }] : [];
  });
}

export function tagSet(world: World, resourceId: string | undefined): XmlNode[] {
  return [...world.tagsOf(resourceId)]
    .map(([key, value]) => ({ key, value }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

/** VPCs and subnets without tags have no set at all. */
export function tagSetIfAny(world: World, resourceId: string): XmlNode[] | undefined {
  const tags = tagSet(world, resourceId);
  return tags.length > 0 ? tags : undefined;
}
