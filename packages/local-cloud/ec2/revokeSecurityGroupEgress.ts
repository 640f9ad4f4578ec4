import { action, RETURN_TRUE } from "./action.ts";
import { vpcGroupNotFound } from "./errors.ts";
import { IP_PERMISSIONS, revokedRules } from "./permissions.ts";
import { withoutRules } from "./revokeSecurityGroupIngress.ts";
import { targetGroup } from "./targetGroup.ts";

/** VPC groups only; odd root as for authorising. Source: Corymbia/eucalyptus `ec2-security-16-11-15.xml`. */
export const revokeSecurityGroupEgress = action({
  name: "RevokeSecurityGroupEgress",
  root: "RevokeSecurityGroupEgressResponseType",
  params: { GroupId: "string?", IpPermissions: IP_PERMISSIONS },

  run(world, { GroupId, IpPermissions }) {
    const group = targetGroup(world, { GroupId, GroupName: undefined });
    if (group.vpcId === undefined) throw vpcGroupNotFound(GroupId ?? "");
    group.egress = withoutRules(group.egress, revokedRules(world, "RevokeSecurityGroupEgress", IpPermissions));
    return RETURN_TRUE;
  },
});
