import { isReserved } from "../ec2/tagRules.ts";
import { queryAction } from "../wire/queryAction.ts";
import type { World } from "../world/world.ts";
import { duplicateTagKey, invalidConfiguration, tooManyTags } from "./errors.ts";
import { balancerNamed, TAGS } from "./shared.ts";

/** @throws {ServiceError} for the first that breaks a rule */
export function checkedTags(
  given: readonly { readonly Key: string; readonly Value: string | undefined }[],
): [key: string, value: string][] {
  const keys = new Set<string>();
  for (const { Key: key } of given) {
    if (keys.has(key)) throw duplicateTagKey(key);
    if (isReserved(key)) throw invalidConfiguration("Invalid tag key (reserved prefix)");
    keys.add(key);
  }
  return given.map(({ Key, Value = "" }) => [Key, Value]);
}

/** @throws {ServiceError} `TooManyTags`; a 4.4 takes fewer */
export function checkTagCount(world: World, count: number): void {
  if (count > (world.state.version === "4.4" ? 10 : 50)) throw tooManyTags();
}

const onlyName = ([name, ...others]: readonly string[]): string => {
  if (name !== undefined && others.length === 0) return name;
  throw invalidConfiguration("Exactly one load balancer name must be specified");
};

export const addTags = queryAction({
  name: "AddTags",
  basis: "observed",
  params: { LoadBalancerNames: ["string"], Tags: TAGS },
  needs: ["LoadBalancerNames", "Tags"],

  run(world, { LoadBalancerNames, Tags }) {
    const tags = checkedTags(Tags);
    const balancer = balancerNamed(world, onlyName(LoadBalancerNames));
    checkTagCount(world, new Set([...balancer.tags.keys(), ...tags.map(([key]) => key)]).size);
    for (const [key, value] of tags) balancer.tags.set(key, value);
    return undefined;
  },
});

export const removeTags = queryAction({
  name: "RemoveTags",
  basis: "observed",
  params: { LoadBalancerNames: ["string"], Tags: TAGS },
  needs: ["LoadBalancerNames", "Tags"],

  run(world, { LoadBalancerNames, Tags }) {
    const balancer = balancerNamed(world, onlyName(LoadBalancerNames));
    for (const { Key } of Tags) balancer.tags.delete(Key);
    return undefined;
  },
});

/** A name that nobody has is left out. */
export const describeTags = queryAction({
  name: "DescribeTags",
  basis: "observed",
  params: { LoadBalancerNames: ["string"] },
  needs: ["LoadBalancerNames"],

  run(world, { LoadBalancerNames }) {
    const found = LoadBalancerNames.flatMap((name) => world.state.loadBalancers.get(name) ?? []);
    return {
      TagDescriptions: found.map(({ name, tags }) => ({
        LoadBalancerName: name,
        Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  },
});
