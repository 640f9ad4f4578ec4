import type { InstancePort, PortRange, Route, Traffic } from "../machine/driver.ts";
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

/** What each instance may send and receive inside the cloud. EDGE has no rules for what goes out. */
export function instancePortsOf(world: World): InstancePort[] {
  return world.livingInstances().map(({ instanceId, privateAddress, macAddress, groupIds }) => {
    const groups = groupIds.flatMap((groupId) => world.group(groupId) ?? []);
    const traffic = (rules: readonly Rule[]): Traffic[] => rules.map((rule) => trafficOf(world, rule));
    return {
      ...{ instanceId, privateAddress, macAddress },
      ingress: traffic(groups.flatMap(({ ingress }) => ingress)),
      egress: world.isVpc ? traffic(groups.flatMap(({ egress }) => egress)) : [ANYTHING],
    };
  });
}

const ANYTHING: Traffic = { protocol: "-1", from: 0, to: 65_535, cidrs: ["0.0.0.0/0"] };

function portsOf(world: World, { groupIds }: Instance): PortRange[] {
  const rules = groupIds.flatMap((groupId) => world.group(groupId)?.ingress ?? []);
  return rules.filter(opensTcp).map((rule) => {
    const { from, to, cidrs } = trafficOf(world, rule);
    return { from, to, cidrs };
  });
}

const opensTcp = ({ protocol }: Rule): boolean => protocol === "tcp" || protocol === "-1";

function trafficOf(world: World, { protocol, fromPort, toPort, ranges, groups }: Rule): Traffic {
  const members = groups.flatMap(({ groupId }) => membersOf(world, groupId));
  return {
    protocol,
    from: fromPort ?? 0,
    to: toPort ?? 65_535,
    cidrs: [...new Set([...ranges.map(({ cidr }) => cidr), ...members])],
  };
}

function membersOf(world: World, groupId: string): string[] {
  return world
    .livingInstances()
    .filter(({ groupIds }) => groupIds.includes(groupId))
    .map(({ privateAddress }) => `${privateAddress}/32`);
}
