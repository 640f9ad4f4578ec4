import type { XmlNode } from "../wire/xml.ts";
import type { Rule, SecurityGroup } from "../world/types.ts";
import { ACCOUNT_ID, type World } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { applyFilters, type FilterFields } from "./filters.ts";
import { groupById, withoutMagicId } from "./resourceIds.ts";
import { tagSet } from "./sets.ts";

/** An unknown id is an error, an unknown name an empty set; ids and names are ORed. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeSecurityGroups = action({
  name: "DescribeSecurityGroups",
  params: { GroupName: ["string"], GroupId: ["string"], Filter: FILTER },

  run(world, { GroupName: names, GroupId, Filter }) {
    world.defaultGroup();
    const ids = new Set(withoutMagicId(GroupId).map((id) => groupById(world, id).groupId));
    const asked = [...world.state.groups.values()].filter(
      ({ groupId, groupName }) => ids.size + names.length === 0 || ids.has(groupId) || names.includes(groupName),
    );
    const matching = applyFilters(asked, Filter, groupFields(world), ({ groupId }) => world.tagsOf(groupId));
    return { securityGroupInfo: matching.map((group) => groupItem(world, group)) };
  },
});

function groupItem(world: World, group: SecurityGroup): XmlNode {
  return {
    ownerId: ACCOUNT_ID,
    groupId: group.groupId,
    groupName: group.groupName,
    groupDescription: group.description,
    vpcId: group.vpcId,
    ipPermissions: group.ingress.map((rule) => ruleItem(world, rule)),
    ipPermissionsEgress: group.egress.map((rule) => ruleItem(world, rule)),
    tagSet: tagSet(world, group.groupId),
  };
}

function ruleItem(world: World, { protocol, fromPort, toPort, ranges, groups }: Rule): XmlNode {
  return {
    ipProtocol: protocol,
    fromPort,
    toPort,
    groups: groups.map(({ groupId, groupName, description, byName }) => ({
      userId: byName ? undefined : ACCOUNT_ID,
      groupName: world.group(groupId)?.groupName ?? groupName,
      groupId,
      description,
    })),
    ipRanges: ranges.map(({ cidr, description }) => ({ cidrIp: cidr, description })),
  };
}

/** Source of the names: Corymbia/eucalyptus `NetworkGroups.java`. */
function groupFields(world: World): FilterFields<SecurityGroup> {
  const sources = ({ ingress }: SecurityGroup) => ingress.flatMap(({ groups }) => groups.map(({ groupId }) => groupId));
  return {
    description: ({ description }) => description,
    "group-id": ({ groupId }) => groupId,
    "group-name": ({ groupName }) => groupName,
    "ip-permission.cidr": ({ ingress }) => ingress.flatMap(({ ranges }) => ranges.map(({ cidr }) => cidr)),
    "ip-permission.from-port": ({ ingress }) => ingress.map(({ fromPort }) => fromPort),
    "ip-permission.group-id": sources,
    "ip-permission.group-name": (group) => sources(group).map((id) => world.group(id)?.groupName),
    "ip-permission.protocol": ({ ingress }) => ingress.map(({ protocol }) => protocol),
    "ip-permission.to-port": ({ ingress }) => ingress.map(({ toPort }) => toPort),
    "ip-permission.user-id": (group) => sources(group).map(() => ACCOUNT_ID),
    "owner-id": () => ACCOUNT_ID,
    "vpc-id": ({ vpcId }) => vpcId,
  };
}
