import { type Direction, isCloudError, type SecurityGroup as LiveGroup } from "@planet/eucalyptus-client";
import type { Inputs, Problem, Value } from "@planet/pulumi-plugin";
import type { SecurityGroupRule, SecurityGroupRuleArgs } from "@pulumi/aws/ec2/securityGroupRule.js";
import type { CloudContext } from "../cloudContext.ts";
import { ExplainedError } from "../errors.ts";
import type { CheckFacts, Handler, RulesOf, StateOf } from "../handler.ts";
import { flag, integer, refused, region, text, textSet } from "../rules/inputRule.ts";
import {
  expandRule,
  normalProtocol,
  problemWithRule,
  ruleKey,
  type SingleRule,
  splitPermission,
} from "../rules/securityRules.ts";
import { isRetold, planRules, syncRules } from "../rules/syncRules.ts";
import { defined, textOf } from "../values.ts";

const NO_SOURCE = "Eucalyptus drops such sources; remove it";

const inputs: RulesOf<SecurityGroupRuleArgs> = {
  cidrBlocks: textSet(),
  description: text(),
  fromPort: integer({ required: true }),
  ipv6CidrBlocks: refused(NO_SOURCE, [[]]),
  prefixListIds: refused(NO_SOURCE, [[]]),
  protocol: text({ required: true, same: (old: Value, now: Value) => normalProtocol(old) === normalProtocol(now) }),
  region,
  securityGroupId: text({ required: true, replaces: true }),
  self: flag(),
  sourceSecurityGroupId: text(),
  toPort: integer({ required: true }),
  type: text({
    required: true,
    replaces: true,
    problem: (value) => (value === "ingress" || value === "egress" ? undefined : 'must be "ingress" or "egress"'),
  }),
};

/**
 * Some sources of one group's rules. Everything but the group and the direction changes in place: the new sources are
 * opened and the old ones closed, so that a source in both never is closed in between. Id: as `pulumi import` takes it,
 * `sg-…_ingress_tcp_80_80_0.0.0.0/0`, from the time when it was made.
 */
export const securityGroupRule: Handler = {
  token: "aws:ec2/securityGroupRule:SecurityGroupRule",
  inputs,
  stables: ["securityGroupRuleId", "securityGroupId", "type"],
  problems,

  preview: (news, { region: ours }) => ({ region: ours, securityGroupRuleId: "", ...news }),

  async create(cloud, { inputs: news }) {
    await sync(cloud, { olds: {}, news });
    return { id: idOf(news), state: stateOf(news, cloud.region) };
  },

  async read(cloud, { id, inputs: known }) {
    const news = known ?? parseId(id);
    const live = news && (await cloud.ec2.findSecurityGroup(textOf(news, "securityGroupId")));
    if (!news || !live) return undefined;
    const found = new Set(live[directionOf(news)].flatMap(splitPermission).map(ruleKey));
    const singles = expandRule(news, live.groupId);
    const left = singles.filter((single) => found.has(ruleKey(single)));
    if (left.length === 0) return undefined;
    const current = left.length === singles.length ? news : onlySources(news, left, live.groupId);
    return { id, inputs: current, state: stateOf(current, cloud.region) };
  },

  async update(cloud, { oldInputs, news }) {
    await sync(cloud, { olds: oldInputs, news });
    return stateOf(news, cloud.region);
  },

  async delete(cloud, { oldInputs, state }) {
    const olds = Object.keys(oldInputs).length === 0 ? state : oldInputs;
    try {
      const live = await cloud.ec2.findSecurityGroup(textOf(olds, "securityGroupId"));
      if (live) await syncWith(cloud, live, { olds, news: {} });
    } catch (error) {
      if (!isCloudError(error, "InvalidGroup.NotFound")) throw error; // the rules went with their group
    }
  },
};

function problems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const found: Problem[] = [];
  const reason = problemWithRule(news);
  if (reason !== undefined) found.push({ property: "", reason });
  const given = ["cidrBlocks", "self", "sourceSecurityGroupId"].filter(
    (name) => news[name] !== undefined && news[name] !== false,
  );
  if (given.length > 1)
    found.push({ property: "", reason: `${given.join(" and ")} exclude each other; use a rule for each` });
  if (mode === "edge" && news.type === "egress") {
    found.push({
      property: "type",
      reason: "egress cannot be limited on a cloud in EDGE mode, where everything may leave; remove the rule",
    });
  }
  return found;
}

async function sync(cloud: CloudContext, facts: { olds: Inputs; news: Inputs }) {
  const groupId = textOf(facts.news, "securityGroupId");
  const live = await cloud.ec2.findSecurityGroup(groupId);
  if (live) return syncWith(cloud, live, facts);
  throw new ExplainedError({
    code: "GROUP_GONE",
    what: `the rule was not set`,
    why: `its security group ${groupId} is not there`,
    next: "Correct securityGroupId, or run `npx pulumi up --refresh` if the group was deleted outside of this stack.",
  });
}

async function syncWith(cloud: CloudContext, live: LiveGroup, { olds, news }: { olds: Inputs; news: Inputs }) {
  const keyed = (rule: Inputs) => {
    const singles = rule.protocol === undefined ? [] : expandRule(rule, live.groupId);
    return new Map(singles.map((single): [string, SingleRule] => [ruleKey(single), single]));
  };
  const wanted = keyed(news);
  const ours = keyed(olds);
  const direction = directionOf(wanted.size > 0 ? news : olds);
  const plan = planRules(
    live[direction],
    wanted,
    (key) => (ours.has(key) && !wanted.has(key)) || isRetold(key, ours, wanted),
  );
  await syncRules(cloud, { direction, groupId: live.groupId, plan });
}

const directionOf = (rule: Inputs): Direction => (rule.type === "egress" ? "egress" : "ingress");

function onlySources(rule: Inputs, left: readonly SingleRule[], ownGroupId: string): Inputs {
  const { cidrBlocks: _cidrs, self: _self, sourceSecurityGroupId: _group, ...rest } = rule;
  const cidrs = left.flatMap(({ source }) => ("cidr" in source ? [source.cidr] : []));
  const [group] = left.flatMap(({ source }) => ("groupId" in source ? [source.groupId] : []));
  return {
    ...rest,
    ...(cidrs.length > 0 && { cidrBlocks: cidrs }),
    ...(group === ownGroupId && { self: true }),
    ...(group !== undefined && group !== ownGroupId && { sourceSecurityGroupId: group }),
  };
}

/** The official provider's form for imports, so that its documentation holds here. */
export function idOf(news: Inputs): string {
  const cidrs = Array.isArray(news.cidrBlocks) ? news.cidrBlocks.map(String) : [];
  const sources =
    news.self === true ? ["self"] : news.sourceSecurityGroupId ? [textOf(news, "sourceSecurityGroupId")] : cidrs;
  const { securityGroupId, type, protocol, fromPort, toPort } = news;
  return [securityGroupId, type, protocol, fromPort, toPort, ...sources].map(String).join("_");
}

export function parseId(id: string): Inputs | undefined {
  const [group = "", type = "", protocol = "", fromPort = "", toPort = "", ...sources] = id.split("_");
  const [first = ""] = sources;
  if (!group.startsWith("sg-") || first === "" || !/^(ingress|egress)$/.test(type)) return undefined;
  const port = (text: string) => (/^-?\d+$/.test(text) ? Number(text) : 0); // "all" in the official form
  return defined({
    securityGroupId: group,
    type,
    protocol: normalProtocol(protocol),
    fromPort: port(fromPort),
    toPort: port(toPort),
    self: first === "self" ? true : undefined,
    sourceSecurityGroupId: first.startsWith("sg-") ? first : undefined,
    cidrBlocks: first === "self" || first.startsWith("sg-") ? undefined : sources,
  });
}

function stateOf(news: Inputs, ours: string): Inputs {
  const observed: StateOf<SecurityGroupRule> = { region: ours, securityGroupRuleId: "" };
  return { ...news, ...observed };
}
