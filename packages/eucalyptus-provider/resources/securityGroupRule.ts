import { messageOf } from "@planet/errors";
import { type Direction, isCloudError, type SecurityGroup as LiveGroup } from "@planet/eucalyptus-client";
import { containsUnknown, InitializationError, type Inputs, type Problem, type Value } from "@planet/pulumi-plugin";
import type { SecurityGroupRule, SecurityGroupRuleArgs } from "@pulumi/aws/ec2/securityGroupRule.js";
import type { CloudContext } from "../cloudContext.ts";
import { groupGone } from "../group/groupGone.ts";
import type { CheckFacts, Handler, RulesOf, StateOf } from "../handler.ts";
import type { ProviderError } from "../providerError.ts";
import { BRIDGE_TEXT } from "../rules/bridge.ts";
import { flag, integer, refused, region, text, textSet } from "../rules/inputRule.ts";
import { planRules } from "../rules/planRules.ts";
import { idOf, parseId } from "../rules/ruleId.ts";
import { problemWithRule } from "../rules/ruleProblems.ts";
import { expandRule, normalProtocol, ruleKey, type SingleRule, splitPermission } from "../rules/securityRules.ts";
import { syncRules } from "../rules/syncRules.ts";
import { nameIn } from "../urn.ts";
import { defined, textOf } from "../values.ts";

const NO_SOURCE = "Eucalyptus drops such sources; remove it";

const inputs: RulesOf<SecurityGroupRuleArgs> = {
  cidrBlocks: textSet({ replaces: true }),
  description: text(),
  fromPort: integer({ required: true, replaces: true }),
  ipv6CidrBlocks: refused(NO_SOURCE, [[]]),
  prefixListIds: refused(NO_SOURCE, [[]]),
  protocol: text({
    required: true,
    replaces: true,
    same: (old: Value, now: Value) => normalProtocol(old) === normalProtocol(now),
  }),
  region,
  securityGroupId: text({ required: true, replaces: true }),
  self: flag({ replaces: true }),
  sourceSecurityGroupId: text({ replaces: true }),
  toPort: integer({ required: true, replaces: true }),
  type: text({
    required: true,
    replaces: true,
    problem: (value) => (value === "ingress" || value === "egress" ? undefined : 'must be "ingress" or "egress"'),
  }),
};

/*
 * Who competes: the rule resources of one program, when a source goes from one to another or two name the same one; and the
 * older entry of the state when a rule is replaced, forced or not.
 *
 * What guards: whatever opens or closes is a replacement. The engine creates first and deletes when everything else is
 * done, and by then the run knows (runLedger.ts) what all rules of the program hold: these sources are never closed. That
 * one source is held twice is refused, because the cloud has one rule for both.
 *
 * What a crash leaves: sources open that the state does not name, only when the answer of the opening call and the look
 * after it were lost as well.
 */

/** Inputs that say together what is open. */
const WHAT_OPENS = ["cidrBlocks", "fromPort", "protocol", "self", "sourceSecurityGroupId", "toPort"];

/** Some sources of one group's rules. Id: as `pulumi import` takes it, `sg-…_ingress_tcp_80_80_0.0.0.0/0`. */
export const securityGroupRule: Handler = {
  token: "aws:ec2/securityGroupRule:SecurityGroupRule",
  inputs,
  stables: ["securityGroupRuleId", "securityGroupId", "type"],
  problems,
  alike: (olds, news) => (opensTheSame(olds, news) ? WHAT_OPENS : []),

  problemsInCloud(news, _olds, { run }, urn) {
    const twice = keysOf(news).find((key) => run.claimant(key, urn) !== urn);
    if (twice === undefined) return Promise.resolve([]);
    const other = nameIn(run.claimant(twice, urn));
    const reason = `opens the same as the rule "${other}" (${twice}); remove one of them`;
    return Promise.resolve([{ property: "", reason }]);
  },

  preview: (news, { region: ours }) => ({ region: ours, securityGroupRuleId: "", ...news }),

  diffInCloud({ run }, { urn, news }, found) {
    if (found.replaces.length === 0) for (const key of keysOf(news)) run.confirm(key, urn);
    return Promise.resolve(found);
  },

  async create(cloud, { urn, inputs: news }) {
    const made = { id: idOf(news), state: stateOf(news, cloud.region) };
    try {
      if (!(await sync(cloud, { urn, olds: {}, news }))) throw noGroupFor(news);
    } catch (error) {
      if (await isClosed(cloud, news)) throw error;
      throw new InitializationError({ ...made, reasons: [messageOf(error)] }, { cause: error });
    }
    for (const key of keysOf(news)) cloud.run.create(key, urn);
    return made;
  },

  async read(cloud, { id, inputs: known }) {
    const news = known ?? parseId(id);
    const live = news && (await cloud.ec2.findSecurityGroup(textOf(news, "securityGroupId")));
    if (!news || !live) return undefined;
    const left = openSources(news, live);
    if (left.length === 0) return undefined;
    const isWhole = left.length === expandRule(news, live.groupId).length;
    const sources = isWhole ? news : onlySources(news, left, live.groupId);
    const current = defined({ ...sources, ...observedText(left, known) });
    return { id, inputs: current, state: stateOf(current, cloud.region) };
  },

  /** Only the text can have changed. */
  async update(cloud, { urn, oldInputs, news }) {
    if (!(await sync(cloud, { urn, olds: oldInputs, news }))) throw noGroupFor(news);
    return stateOf(news, cloud.region);
  },

  async delete(cloud, { urn, oldInputs, state }) {
    const olds = Object.keys(oldInputs).length === 0 ? state : oldInputs;
    try {
      await sync(cloud, { urn, olds, news: {} });
    } catch (error) {
      if (!isCloudError(error, "InvalidGroup.NotFound")) throw error; // the rules went with their group
    }
  },
};

function problems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const found: Problem[] = [];
  const reason = problemWithRule(news, news.type === "egress" ? undefined : mode);
  if (reason !== undefined) found.push({ property: "", reason });
  const { securityGroupId } = news;
  if (typeof securityGroupId === "string" && !securityGroupId.startsWith("sg-")) {
    found.push({ property: "securityGroupId", reason: "is not the id of a group (sg-…); give that" });
  }
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

interface Change {
  readonly urn: string;
  readonly olds: Inputs;
  readonly news: Inputs;
}

/** @returns false when the group is not there. */
function sync(cloud: CloudContext, { urn, olds, news }: Change): Promise<boolean> {
  const rule = news.protocol === undefined ? olds : news;
  const [groupId, direction] = [textOf(rule, "securityGroupId"), directionOf(rule)];
  return cloud.run.inTurn(`rules of ${groupId}`, async () => {
    const live = await cloud.ec2.findSecurityGroup(groupId);
    if (!live) return false;
    const wanted = singlesOf(news, groupId);
    const ours = singlesOf(olds, groupId);
    const isSurplus = (key: string) =>
      ours.has(key) && !wanted.has(key) && cloud.run.keeperOf(sourceKey(groupId, direction, key)) === undefined;
    const plan = planRules(live[direction], { wanted, olds: ours, isSurplus });
    await syncRules(cloud, { urn, direction, groupId, plan });
    return true;
  });
}

function noGroupFor(news: Inputs): ProviderError {
  return groupGone(textOf(news, "securityGroupId"), {
    what: "the rule was not set",
    next: "Correct securityGroupId, or run `pulumi up` again if the group was deleted outside of this stack.",
  });
}

function singlesOf(rule: Inputs, groupId: string): Map<string, SingleRule> {
  const singles = rule.protocol === undefined ? [] : expandRule(rule, groupId);
  return new Map(singles.map((single) => [ruleKey(single), single]));
}

/** Those of the rule's sources that are open, with the texts that the cloud shows. */
function openSources(rule: Inputs, live: LiveGroup): SingleRule[] {
  const found = new Map(live[directionOf(rule)].flatMap(splitPermission).map((single) => [ruleKey(single), single]));
  return expandRule(rule, live.groupId).flatMap((single) => found.get(ruleKey(single)) ?? []);
}

/** Whether certainly nothing of the rule is open: then a failed create has left nothing. */
async function isClosed(cloud: CloudContext, rule: Inputs): Promise<boolean> {
  try {
    const live = await cloud.ec2.findSecurityGroup(textOf(rule, "securityGroupId"));
    return !live || openSources(rule, live).length === 0;
  } catch {
    return false;
  }
}

/** A bridge that a crash left shows as a text that the program does not have, so that the next update takes it away. */
function observedText(open: readonly SingleRule[], known: Inputs | undefined): Inputs {
  const texts = open.map(({ description }) => description);
  if (texts.includes(BRIDGE_TEXT)) return { description: BRIDGE_TEXT };
  const [first] = texts;
  return !known && first !== undefined && texts.every((text) => text === first) ? { description: first } : {};
}

const directionOf = (rule: Inputs): Direction => (rule.type === "egress" ? "egress" : "ingress");

/** How the run speaks of one source of a group. */
const sourceKey = (groupId: string, direction: Direction, key: string) => `${direction} ${key} of ${groupId}`;

/** All that a rule opens; none as long as something of it is not known. */
function keysOf(rule: Inputs): string[] {
  if (containsUnknown(rule)) return [];
  const groupId = textOf(rule, "securityGroupId");
  return [...singlesOf(rule, groupId).keys()].map((key) => sourceKey(groupId, directionOf(rule), key));
}

/** Spelling, order and grouping mean nothing: the cloud has the same rules. */
function opensTheSame(olds: Inputs, news: Inputs): boolean {
  const [old, now] = [keysOf(olds), keysOf(news)];
  return now.length > 0 && old.toSorted().join() === now.toSorted().join();
}

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

function stateOf(news: Inputs, ours: string): Inputs {
  const observed: StateOf<SecurityGroupRule> = { region: ours, securityGroupRuleId: "" };
  return { ...news, ...observed };
}
