import type { Instance, SecurityGroup } from "../world/types.ts";
import type { World } from "../world/world.ts";
import {
  groupIdMalformed,
  groupNotFound,
  instanceIdMalformed,
  instancesNotFound,
  resourceIdMalformed,
} from "./errors.ts";

/** Removed from id lists for everybody; it widens the view of administrators only. */
const MAGIC_ID = "verbose";

/** 8 or 17 hex digits in either case. Source: Corymbia/eucalyptus `ResourceIdentifiers.java`. */
export function isResourceId(id: string, prefix = "[a-z]{1,32}(?:-[a-z]+)?"): boolean {
  return new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`, "i").test(id);
}

export function withoutMagicId(ids: readonly string[]): string[] {
  return ids.filter((id) => id !== MAGIC_ID);
}

/** The instances of a describe call; all when no id is given. */
export function instancesById(world: World, given: readonly string[]): Instance[] {
  const ids = withoutMagicId(given);
  for (const id of ids) if (!isResourceId(id, "i")) throw instanceIdMalformed(id);
  if (given.length === 0 || ids.length === 0) return world.instances();
  const missing = ids.filter((id) => !world.instance(id));
  if (missing.length > 0) throw instancesNotFound(missing);
  return ids.flatMap((id) => world.instance(id) ?? []);
}

export function oneInstance(world: World, instanceId: string): Instance {
  if (!isResourceId(instanceId, "i")) throw instanceIdMalformed(instanceId);
  const instance = world.instance(instanceId);
  if (!instance) throw instancesNotFound([instanceId]);
  return instance;
}

export function groupById(world: World, groupId: string): SecurityGroup {
  if (!isResourceId(groupId, "sg")) throw groupIdMalformed(groupId);
  const group = world.group(groupId);
  if (!group) throw groupNotFound(groupId);
  return group;
}

export function checkIds(ids: readonly string[], parameter: string, prefix: string): void {
  for (const id of ids) if (!isResourceId(id, prefix)) throw resourceIdMalformed(id, parameter, prefix);
}
