import type { Direction, Permission } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { ProviderError } from "../providerError.ts";
import type { RulePlan } from "./planRules.ts";
import { ruleKey, splitPermission } from "./securityRules.ts";

type Cloud = Pick<CloudContext, "ec2" | "log" | "sleep">;

interface Rules {
  readonly direction: Direction;
  readonly groupId: string;
}

/** How often somebody else may add one of our rules while we add them. */
const ATTEMPTS = 3;

/** Opens, then closes; see {@link RulePlan}. Whatever fails or dies in between, the next run continues from what is there. */
export async function syncRules(
  cloud: Cloud,
  facts: Rules & { readonly urn: string; readonly plan: RulePlan },
): Promise<void> {
  const { urn, plan } = facts;
  await open(cloud, facts, plan.open);
  await close(cloud, facts, plan.close);
  await open(cloud, facts, plan.reopen);
  await close(cloud, facts, plan.cleanUp);
  for (const rule of plan.unchangeable) {
    const text = `${ruleKey(rule)} keeps its description "${rule.description ?? ""}"`;
    cloud.log.warning(
      urn,
      `${text}: a rule whose source is a group cannot get another without being closed for a moment; ` +
        "to change it, remove the rule, run `pulumi up`, and add it again",
    );
  }
}

/** The cloud adds none of the rules, with a good status, when one of them exists by now: then the others are still missing. */
async function open(cloud: Cloud, rules: Rules, permissions: readonly Permission[]): Promise<void> {
  let missing = permissions;
  for (let attempt = 1; missing.length > 0; attempt++) {
    const areAllThere = async () => ((await without(cloud, rules, missing)).length === 0 ? true : undefined);
    const call = () => cloud.ec2.authorize(rules.direction, rules.groupId, missing);
    if (await inDoubt(cloud, call, areAllThere)) return;
    missing = await without(cloud, rules, missing);
    if (missing.length > 0 && attempt === ATTEMPTS) throw changedMeanwhile(rules);
  }
}

async function close(cloud: Cloud, rules: Rules, permissions: readonly Permission[]): Promise<void> {
  if (permissions.length === 0) return;
  const isDone = async () =>
    (await without(cloud, rules, permissions)).length === permissions.length ? true : undefined;
  const call = () => cloud.ec2.revoke(rules.direction, rules.groupId, permissions).then(() => true);
  await inDoubt(cloud, call, isDone);
}

/** Those of the rules that the group does not have. */
async function without({ ec2 }: Cloud, { direction, groupId }: Rules, rules: readonly Permission[]) {
  const live = await ec2.findSecurityGroup(groupId);
  const there = new Set(live?.[direction].map(identity));
  return rules.filter((rule) => !there.has(identity(rule)));
}

/** As the cloud compares: {@link Permission}. */
function identity(permission: Permission): string {
  return splitPermission(permission).map(ruleKey).toSorted().join();
}

function changedMeanwhile({ direction, groupId }: Rules): ProviderError {
  return new ProviderError({
    code: "RULES_CHANGED_MEANWHILE",
    what: `the ${direction} rules of ${groupId} were not added`,
    why: "somebody else changes the same rules at the same time",
    next: "Nothing was closed. Run `pulumi up` again.",
  });
}
