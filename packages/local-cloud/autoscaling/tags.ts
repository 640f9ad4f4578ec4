import { isReserved } from "../ec2/tagRules.ts";
import { queryAction } from "../wire/queryAction.ts";
import type { XmlNode } from "../wire/xml.ts";
import type { World } from "../world/world.ts";
import { groupNotFound, tooManyTags, validationError } from "./errors.ts";
import type { GroupTag, ScalingGroup } from "./types.ts";
import { nameIn } from "./validation.ts";

const LIMIT = 50;

export const TAGS = [
  {
    ResourceId: "string?",
    ResourceType: "string?",
    Key: "string?",
    Value: "string?",
    PropagateAtLaunch: "boolean?",
  },
] as const;

interface Given {
  readonly Key: string | undefined;
  readonly Value: string | undefined;
  readonly PropagateAtLaunch: boolean | undefined;
}

/** @throws {ServiceError} for the first that breaks a rule */
export function checkedTags(given: readonly Given[]): [key: string, tag: GroupTag][] {
  return given.map(({ Key: key, Value: value = "", PropagateAtLaunch: propagate = false }, index) => {
    if (key === undefined || key === "") throw validationError(`Tags.member.${index + 1}.Key is required`);
    if (isReserved(key)) throw validationError(`'${key}' for parameter Tags.member.${index + 1}.Key is invalid`);
    return [key, { value, propagate }];
  });
}

export function checkTagCount(count: number): void {
  if (count > LIMIT) throw tooManyTags();
}

/** Instances that exist are not touched. */
export const createOrUpdateTags = queryAction({
  name: "CreateOrUpdateTags",
  basis: "observed",
  params: { Tags: TAGS },
  needs: ["Tags"],

  run(world, { Tags }) {
    const tags = checkedTags(Tags);
    const groups = Tags.map(({ ResourceId }) => taggedGroup(world, ResourceId));
    for (const [index, [key, tag]] of tags.entries()) groups[index]?.tags.set(key, tag);
    for (const group of groups) checkTagCount(group.tags.size);
    return undefined;
  },
});

export const deleteTags = queryAction({
  name: "DeleteTags",
  basis: "observed",
  params: { Tags: TAGS },
  needs: ["Tags"],

  run(world, { Tags }) {
    for (const { ResourceId, Key = "" } of Tags) {
      world.state.scalingGroups.get(nameIn(ResourceId ?? ""))?.tags.delete(Key);
    }
    return undefined;
  },
});

function taggedGroup(world: World, id: string | undefined): ScalingGroup {
  if (id === undefined) throw validationError("Tags.member.1.ResourceId is required");
  const group = world.state.scalingGroups.get(nameIn(id));
  if (!group) throw groupNotFound(id);
  return group;
}

/** `Filters` take the group's name and the tag's parts. */
export const describeTags = queryAction({
  name: "DescribeTags",
  basis: "observed",
  params: { Filters: [{ Name: "string", Values: ["string"] }] },

  run(world, { Filters }) {
    const all = [...world.state.scalingGroups.values()].flatMap(tagItems);
    const fields: Readonly<Record<string, string>> = {
      "auto-scaling-group": "ResourceId",
      key: "Key",
      value: "Value",
      "propagate-at-launch": "PropagateAtLaunch",
    };
    const found = all.filter((tag) =>
      Filters.every(({ Name, Values }) => Values.includes(String(tag[fields[Name] ?? ""]))),
    );
    return { Tags: found.length === 0 ? undefined : found };
  },
});

export function tagItems({ name, tags }: ScalingGroup): XmlNode[] {
  const byKey = [...tags].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return byKey.map(([Key, { value, propagate }]) => ({
    ResourceId: name,
    ResourceType: "auto-scaling-group",
    Key,
    Value: value,
    PropagateAtLaunch: propagate,
  }));
}
