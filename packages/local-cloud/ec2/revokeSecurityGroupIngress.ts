import type { Rule } from "../world/types.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { INGRESS_PARAMS, ingressPermissions, revokedRules, sameRule } from "./permissions.ts";
import { targetGroup } from "./targetGroup.ts";

/** Only a rule given whole is revoked; no match is true as well. Source: Corymbia/eucalyptus `NetworkGroupManager.java`. */
export const revokeSecurityGroupIngress = action({
  name: "RevokeSecurityGroupIngress",
  params: INGRESS_PARAMS,

  run(world, request) {
    const group = targetGroup(world, request);
    const action = "RevokeSecurityGroupIngress";
    const revoked = revokedRules(world, action, ingressPermissions(world, action, request));
    group.ingress = withoutRules(group.ingress, revoked);
    return RETURN_TRUE;
  },
});

export function withoutRules(present: readonly Rule[], removed: readonly Rule[]): readonly Rule[] {
  return present.filter((rule) => !removed.some((other) => sameRule(rule, other)));
}
