import { action, RETURN_FALSE, RETURN_TRUE } from "./action.ts";
import { checkLimit, withNewRules } from "./authorizeSecurityGroupIngress.ts";
import { vpcGroupNotFound } from "./errors.ts";
import { IP_PERMISSIONS, rulesOf } from "./permissions.ts";
import { targetGroup } from "./targetGroup.ts";

/** VPC groups only. The root element's name is the cloud's own (Corymbia/eucalyptus `ec2-security-16-11-15.xml`). */
export const authorizeSecurityGroupEgress = action({
  name: "AuthorizeSecurityGroupEgress",
  root: "AuthorizeSecurityGroupEgressResponseType",
  params: { GroupId: "string?", IpPermissions: IP_PERMISSIONS },

  run(world, { GroupId, IpPermissions }) {
    const group = targetGroup(world, { GroupId, GroupName: undefined });
    if (group.vpcId === undefined) throw vpcGroupNotFound(GroupId ?? "");
    const rules = withNewRules(group.egress, rulesOf(world, "AuthorizeSecurityGroupEgress", IpPermissions));
    if (!rules) return RETURN_FALSE;
    checkLimit(group, group.ingress.length + rules.length, GroupId);
    group.egress = rules;
    return RETURN_TRUE;
  },
});
