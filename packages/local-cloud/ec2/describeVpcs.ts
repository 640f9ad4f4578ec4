import type { Vpc } from "../world/types.ts";
import { action, FILTER } from "./action.ts";
import { vpcNotFound } from "./errors.ts";
import { applyFilters, type FilterFields } from "./filters.ts";
import { checkIds, withoutMagicId } from "./resourceIds.ts";
import { tagSetIfAny } from "./sets.ts";

/** EDGE answers an empty set. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeVpcs = action({
  name: "DescribeVpcs",
  params: { VpcId: ["string"], Filter: FILTER },

  run(world, { VpcId, Filter }) {
    const ids = withoutMagicId(VpcId);
    checkIds(ids, "vpcs", "vpc");
    const vpcs = world.state.vpc ? [world.state.vpc] : [];
    const missing = ids.find((id) => !vpcs.some(({ vpcId }) => vpcId === id.toLowerCase()));
    if (missing !== undefined) throw vpcNotFound(missing);
    return {
      vpcSet: applyFilters(vpcs, Filter, FIELDS, ({ vpcId }) => world.tagsOf(vpcId)).map((vpc) => ({
        vpcId: vpc.vpcId,
        state: "available",
        cidrBlock: vpc.cidr,
        dhcpOptionsId: vpc.dhcpOptionsId,
        tagSet: tagSetIfAny(world, vpc.vpcId),
        instanceTenancy: "default",
        isDefault: true,
      })),
    };
  },
});

/** AWS's `is-default` and `cidr-block` are unknown here. */
const FIELDS: FilterFields<Vpc> = {
  cidr: ({ cidr }) => cidr,
  cidrBlock: ({ cidr }) => cidr,
  "dhcp-options-id": ({ dhcpOptionsId }) => dhcpOptionsId,
  dhcpOptionsId: ({ dhcpOptionsId }) => dhcpOptionsId,
  isDefault: () => true,
  state: () => "available",
  "vpc-id": ({ vpcId }) => vpcId,
};
