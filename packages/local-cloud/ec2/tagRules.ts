import type { World } from "../world/world.ts";
import { invalidParameterValue, tagLimitExceeded } from "./errors.ts";

/** Characters and counts. Source: Corymbia/eucalyptus `tags/*.java`. */
const KEY_LIMIT = 127;
const VALUE_LIMIT = 255;
const TAGS_PER_RESOURCE = 50;

type Tag = readonly [key: string, value: string];

/** Trimmed tags; that a key comes twice, or is reserved, is looked at before. @throws {ServiceError} `InvalidParameterValue` on the first that breaks a rule. */
export function checkedTags(tags: readonly { Key: string | undefined; Value: string | undefined }[]): Tag[] {
  const seen = new Set<string>();
  for (const { Key: key = "", Value = "" } of tags) {
    if (isReserved(key)) {
      throw invalidParameterValue("Tag keys starting with 'aws:' and 'euca:' are reserved for internal use");
    }
    // The cloud says the same of an empty key.
    if (key === "" || key.trim().length > KEY_LIMIT) {
      throw invalidParameterValue(`Tag key exceeds the maximum length of ${KEY_LIMIT} characters`);
    }
    if (Value.trim().length > VALUE_LIMIT) {
      throw invalidParameterValue(`Tag value exceeds the maximum length of ${VALUE_LIMIT} characters`);
    }
    if (seen.has(key)) throw invalidParameterValue("Duplicate tag key");
    seen.add(key);
  }
  return tags.map(({ Key = "", Value = "" }): Tag => [Key.trim(), Value.trim()]);
}

export function isReserved(key: string): boolean {
  return /^(?:aws|euca):/.test(key);
}

/** All or nothing: the limit is checked for every resource before the first is changed. */
export function putTags(world: World, resourceIds: readonly string[], tags: readonly Tag[]): void {
  const merged = resourceIds.map((id) => [id, new Map([...world.tagsOf(id), ...tags])] as const);
  if (merged.some(([, all]) => all.size > TAGS_PER_RESOURCE)) throw tagLimitExceeded();
  for (const [id, all] of merged) world.state.tags.set(id, all);
}
