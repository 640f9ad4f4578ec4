/**
 * Answered with 200 and `return` true, whatever the parameters, and changing nothing: those of the cloud's 149 stubs
 * that AWS clients are seen to call. Source: Corymbia/eucalyptus `ComputeService.java`.
 */
export const STUBS: ReadonlySet<string> = new Set([
  "DescribeInstanceCreditSpecifications",
  "DescribePlacementGroups",
  "DescribeVolumesModifications",
  "DescribeVpcClassicLink",
  "ModifyVolume",
  "UpdateSecurityGroupRuleDescriptionsEgress",
  "UpdateSecurityGroupRuleDescriptionsIngress",
]);
