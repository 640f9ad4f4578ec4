import type { Rule, SecurityGroup } from "../world/types.ts";
import { action, RETURN_FALSE, RETURN_TRUE } from "./action.ts";
import { ruleLimitExceeded } from "./errors.ts";
import { INGRESS_PARAMS, ingressPermissions, rulesOf, sameRule } from "./permissions.ts";
import { targetGroup } from "./targetGroup.ts";

const RULES_PER_GROUP = 50;

/**
 * When one rule exists already the whole call is dropped, with 200 and `return` false.
 * Source: Corymbia/eucalyptus `NetworkGroupManager.java`.
 */
export const authorizeSecurityGroupIngress = action({
  name: "AuthorizeSecurityGroupIngress",
  params: INGRESS_PARAMS,

  run(world, request) {
    const group = targetGroup(world, request);
    const action = "AuthorizeSecurityGroupIngress";
    const rules = withNewRules(group.ingress, rulesOf(world, action, ingressPermissions(world, action, request)));
    if (!rules) return RETURN_FALSE;
    checkLimit(group, rules.length + group.egress.length, request.GroupId);
    group.ingress = rules;
    return RETURN_TRUE;
  },
});

/** `undefined` when one of them is there already. */
export function withNewRules(present: readonly Rule[], added: readonly Rule[]): readonly Rule[] | undefined {
  if (added.some((rule) => present.some((other) => sameRule(rule, other)))) return undefined;
  return [...present, ...added];
}

/** Of both directions, in VPC alone. @throws {ServiceError} `RulesPerSecurityGroupLimitExceeded` */
export function checkLimit({ vpcId }: SecurityGroup, count: number, given: string | undefined): void {
  if (vpcId !== undefined && count > RULES_PER_GROUP) throw ruleLimitExceeded(given ?? "null");
}
