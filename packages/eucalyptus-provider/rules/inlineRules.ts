import type { Permission } from "@planet/eucalyptus-client";
import { type Inputs, isMap, type Value } from "@planet/pulumi-plugin";
import { defined } from "../values.ts";
import { expandRule, expandRules, ruleKey, type SingleRule, splitPermission } from "./securityRules.ts";

/**
 * Live rules in the program's words. The program's own rules stay as they are written, as long as the cloud has what
 * they stand for; what it lacks is left out of them, and what it has besides is added at the end, one source each.
 */
export function liveRules(live: readonly Permission[], written: Value | undefined, ownGroupId: string): Inputs[] {
  const found = new Map(live.flatMap(splitPermission).map((single) => [ruleKey(single), single]));
  const rules = Array.isArray(written) ? written.filter(isMap) : [];
  const kept = rules.flatMap((rule) => withoutMissing({ ...rule }, found, ownGroupId));
  const covered = expandRules(kept, ownGroupId);
  const added = [...found].filter(([key]) => !covered.has(key)).toSorted(([a], [b]) => a.localeCompare(b));
  return [...kept, ...added.map(([, single]) => writtenRule(single, ownGroupId))];
}

/** Whether two lists open the same: order and grouping mean nothing, texts do. */
export function sameRules(old: Value, now: Value): boolean {
  const text = (list: Value) => {
    // `self` has no id yet where the group is new; any stand-in will do for a comparison.
    const rules = expandRules(list, "self");
    return JSON.stringify([...rules].map(([key, { description }]) => [key, description ?? ""]).toSorted());
  };
  return text(old) === text(now);
}

function withoutMissing(rule: Inputs, found: ReadonlyMap<string, SingleRule>, ownGroupId: string): Inputs[] {
  const singles = expandRule(rule, ownGroupId);
  const isThere = (single: SingleRule) => found.has(ruleKey(single));
  if (singles.every(isThere)) return [rule];
  const left = singles.filter(isThere);
  const cidrs = left.flatMap(({ source }) => ("cidr" in source ? [source.cidr] : []));
  const groups = left.flatMap(({ source }) => ("groupId" in source ? [source.groupId] : []));
  const others = groups.filter((group) => group !== ownGroupId);
  if (left.length === 0) return [];
  const { cidrBlocks: _cidrs, securityGroups: _groups, self: _self, ...rest } = rule;
  return [
    {
      ...rest,
      ...(cidrs.length > 0 && { cidrBlocks: cidrs }),
      ...(others.length > 0 && { securityGroups: others }),
      ...(groups.includes(ownGroupId) && { self: true }),
    },
  ];
}

function writtenRule({ protocol, fromPort, toPort, source, description }: SingleRule, ownGroupId: string): Inputs {
  const isSelf = "groupId" in source && source.groupId === ownGroupId;
  return defined({
    protocol,
    fromPort: fromPort ?? 0,
    toPort: toPort ?? 0,
    cidrBlocks: "cidr" in source ? [source.cidr] : undefined,
    securityGroups: "groupId" in source && !isSelf ? [source.groupId] : undefined,
    self: isSelf ? true : undefined,
    description,
  });
}
