import { queryAction } from "../wire/queryAction.ts";
import type { World } from "../world/world.ts";
import { invalidConfiguration, invalidSecurityGroup } from "./errors.ts";
import { balancerNamed } from "./shared.ts";
import type { LoadBalancer } from "./types.ts";

/** Ids as the world knows them. @throws {ServiceError} */
export function checkedGroups(world: World, ids: readonly string[]): string[] {
  const unknown = ids.filter((id) => !world.group(id));
  if (unknown.length > 0) throw invalidSecurityGroup(unknown);
  return ids.map((id) => id.toLowerCase());
}

/** The group that the cloud made for a balancer is open for its listeners. */
export function openOwnGroup(world: World, { ownGroupId, listeners }: LoadBalancer): void {
  const group = ownGroupId === undefined ? undefined : world.group(ownGroupId);
  if (!group) return;
  group.ingress = listeners.map(({ loadBalancerPort: port }) => ({
    protocol: "tcp",
    fromPort: port,
    toPort: port,
    ranges: [{ cidr: "0.0.0.0/0", description: undefined }],
    groups: [],
  }));
}

export const applySecurityGroupsToLoadBalancer = queryAction({
  name: "ApplySecurityGroupsToLoadBalancer",
  basis: "read",
  params: { LoadBalancerName: "string", SecurityGroups: ["string"] },
  needs: ["SecurityGroups"],

  run(world, { LoadBalancerName, SecurityGroups }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    if (!world.isVpc) {
      throw invalidConfiguration("Security groups should not be specified for EC2-Classic platform");
    }
    balancer.groupIds = checkedGroups(world, SecurityGroups);
    return { SecurityGroups: balancer.groupIds };
  },
});
