import type { PortRange, Route } from "../machine/driver.ts";
import type { Instance, Rule } from "./types.ts";
import type { World } from "./world.ts";

/** What the public side must forward now; sorted by address, so that equal worlds give equal routes. */
export function routesOf(world: World): Route[] {
  return world
    .livingInstances()
    .flatMap((instance): Route[] => {
      const publicAddress = world.publicAddressOf(instance);
      if (publicAddress === undefined) return [];
      const { instanceId, privateAddress } = instance;
      return [{ publicAddress, instanceId, privateAddress, ports: portsOf(world, instance) }];
    })
    .toSorted((left, right) => (left.publicAddress < right.publicAddress ? -1 : 1));
}

function portsOf(world: World, { groupIds }: Instance): PortRange[] {
  const rules = groupIds.flatMap((groupId) => world.group(groupId)?.ingress ?? []);
  return rules.filter(opensTcp).map((rule) => ({
    from: rule.protocol === "tcp" ? (rule.fromPort ?? 0) : 0,
    to: rule.protocol === "tcp" ? (rule.toPort ?? 65_535) : 65_535,
    cidrs: [...rule.ranges.map(({ cidr }) => cidr), ...rule.groups.flatMap(({ groupId }) => members(world, groupId))],
  }));
}

const opensTcp = ({ protocol }: Rule): boolean => protocol === "tcp" || protocol === "-1";

function members(world: World, groupId: string): string[] {
  return world
    .livingInstances()
    .filter(({ groupIds }) => groupIds.includes(groupId))
    .map(({ privateAddress }) => `${privateAddress}/32`);
}
