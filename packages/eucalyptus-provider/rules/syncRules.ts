import type { Direction, Permission } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError } from "../errors.ts";
import { ruleKey, type SingleRule, splitPermission, toPermission } from "./securityRules.ts";

export interface RulePlan {
  /** Exactly as described: a part of a rule cannot be revoked. */
  readonly revoke: readonly Permission[];
  /** One source each; none of them exists. */
  readonly authorize: readonly Permission[];
}

/**
 * From the observed rules to the wanted ones. `surplus` says which observed source is to go; a foreign rule that has
 * several sources goes as a whole, and its other sources come back one by one.
 */
export function planRules(
  live: readonly Permission[],
  wanted: ReadonlyMap<string, SingleRule>,
  surplus: (key: string) => boolean,
): RulePlan {
  const revoke: Permission[] = [];
  const kept = new Map<string, SingleRule>();
  const restored = new Map<string, SingleRule>();
  for (const permission of live) {
    const singles = splitPermission(permission).map((single) => [ruleKey(single), single] as const);
    const isSurplus = ([key, single]: readonly [string, SingleRule]) =>
      surplus(key) || isRedescribed(wanted.get(key), single);
    const others = singles.filter((single) => !isSurplus(single));
    if (others.length < singles.length) revoke.push(permission);
    for (const [key, single] of others) (others.length < singles.length ? restored : kept).set(key, single);
  }
  const missing = new Map([...restored, ...wanted].filter(([key]) => !kept.has(key)));
  return {
    revoke,
    authorize: [...missing].toSorted(([a], [b]) => a.localeCompare(b)).map(([, rule]) => toPermission(rule)),
  };
}

/** A description is not part of a rule's identity, so only a new rule can carry another one. 4.4 keeps none at all. */
function isRedescribed(wanted: SingleRule | undefined, live: SingleRule): boolean {
  if (!wanted || live.description === undefined) return false;
  return wanted.description !== undefined && wanted.description !== live.description;
}

/** Whether the program itself changed a rule's text: then the rule has to go and come back, whatever the cloud shows. */
export function isRetold(
  key: string,
  olds: ReadonlyMap<string, SingleRule>,
  wanted: ReadonlyMap<string, SingleRule>,
): boolean {
  const [old, now] = [olds.get(key), wanted.get(key)];
  return old !== undefined && now !== undefined && old.description !== now.description;
}

/**
 * Revokes, then authorises. Between the two calls a rule whose description changes is missing for a moment; the cloud
 * sends its rules to the machines seconds apart, so that established and most new connections do not notice.
 */
export async function syncRules(
  { ec2 }: Pick<CloudContext, "ec2">,
  facts: { readonly direction: Direction; readonly groupId: string; readonly plan: RulePlan },
): Promise<void> {
  const { direction, groupId, plan } = facts;
  if (plan.revoke.length > 0) await ec2.revoke(direction, groupId, plan.revoke);
  if (plan.authorize.length === 0 || (await ec2.authorize(direction, groupId, plan.authorize))) return;
  // The cloud dropped the whole call with a good status, because one of the rules exists by now.
  throw new ExplainedError({
    code: "RULES_CHANGED_MEANWHILE",
    what: `the ${direction} rules of ${groupId} were not added`,
    why: "somebody else added one of them at the same time",
    next: "Run `npx pulumi up` again.",
  });
}
