import type { Vpc } from "../world/types.ts";
import { type World, ZONE } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { subnetNotFound } from "./errors.ts";
import { applyFilters, type FilterFields } from "./filters.ts";
import { checkIds, withoutMagicId } from "./resourceIds.ts";
import { tagSetIfAny } from "./sets.ts";

/** Addresses of a /24 that instances can get: hosts 10 to 250. */
const SUBNET_ADDRESSES = 241;

/** The default VPC has one subnet, which gives public addresses. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeSubnets = action({
  name: "DescribeSubnets",
  params: { SubnetId: ["string"], Filter: FILTER },

  run(world, { SubnetId, Filter }) {
    const ids = withoutMagicId(SubnetId);
    checkIds(ids, "subnets", "subnet");
    const subnets = world.state.vpc ? [world.state.vpc] : [];
    const missing = ids.find((id) => !subnets.some(({ subnetId }) => subnetId === id.toLowerCase()));
    if (missing !== undefined) throw subnetNotFound(missing);
    const matching = applyFilters(subnets, Filter, subnetFields(world), ({ subnetId }) => world.tagsOf(subnetId));
    return {
      subnetSet: matching.map(({ subnetId, vpcId, cidr }) => ({
        subnetId,
        state: "available",
        vpcId,
        cidrBlock: cidr,
        availableIpAddressCount: freeAddresses(world),
        availabilityZone: ZONE,
        defaultForAz: true,
        mapPublicIpOnLaunch: true,
        tagSet: tagSetIfAny(world, subnetId),
      })),
    };
  },
});

const freeAddresses = (world: World): number => SUBNET_ADDRESSES - world.livingInstances().length;

function subnetFields(world: World): FilterFields<Vpc> {
  const cidr = (subnet: Vpc) => subnet.cidr;
  const vpcId = (subnet: Vpc) => subnet.vpcId;
  return {
    "availability-zone": () => ZONE,
    availabilityZone: () => ZONE,
    "available-ip-address-count": () => freeAddresses(world),
    cidr,
    "cidr-block": cidr,
    cidrBlock: cidr,
    "default-for-az": () => true,
    defaultForAz: () => true,
    state: () => "available",
    "subnet-id": ({ subnetId }) => subnetId,
    "vpc-id": vpcId,
    vpcId,
  };
}
