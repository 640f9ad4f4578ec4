import type { XmlNode } from "../wire/xml.ts";

/**
 * Answered with 200 and their own empty set, whatever the parameters, and changing nothing: those of the cloud's 149
 * stubs that AWS clients are seen to call. Source: Corymbia/eucalyptus `ComputeService.java`.
 */
export const STUBS: ReadonlyMap<string, XmlNode> = new Map<string, XmlNode>([
  ["DescribeInstanceCreditSpecifications", {}],
  ["DescribePlacementGroups", { placementGroupSet: [] }],
  ["DescribeVolumesModifications", {}],
  ["DescribeVpcClassicLink", {}],
  ["ModifyVolume", {}],
  ["UpdateSecurityGroupRuleDescriptionsEgress", {}],
  ["UpdateSecurityGroupRuleDescriptionsIngress", {}],
]);
