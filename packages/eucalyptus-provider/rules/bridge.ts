import type { Permission } from "@planet/eucalyptus-client";
import { ruleKey, type SingleRule, splitPermission, toPermission } from "./securityRules.ts";

/*
 * A rule's text is not part of its identity: while a rule is there, the cloud answers the same one with another text by
 * "exists", so the old one has to go first. What keeps the port open meanwhile is a bridge: the same source in a set with
 * one from which no packet comes, which to the cloud is another rule.
 *
 * A crash may leave a bridge. It is known by that second source, on clouds that keep no texts, too; whoever next touches
 * the rule that it stands for takes it away, and a refresh shows it as a difference.
 */

/** An address for documentation only, which no network routes: RFC 5737. */
const NOBODY = "203.0.113.255/32";
export const BRIDGE_TEXT = "holds a port open while the text of its rule changes, the next update removes it";

/** Undefined for a group as the source: the cloud takes no network beside it, and a second group would be let in, too. */
export function bridgeOver(rule: SingleRule): Permission | undefined {
  if (!("cidr" in rule.source) || ruleKey(rule) === ruleKey({ ...rule, source: { cidr: NOBODY } })) return undefined;
  const cidrs = [rule.source.cidr, NOBODY].map((cidr) => ({ cidr, description: BRIDGE_TEXT }));
  return { ...toPermission(rule), cidrs };
}

/** The key of the rule that a bridge stands for; undefined when it is not a bridge. */
export function bridgedKey(permission: Permission): string | undefined {
  const singles = splitPermission(permission);
  const isNobody = ({ source }: SingleRule) => "cidr" in source && source.cidr === NOBODY;
  const [rule, ...others] = singles.filter((single) => !isNobody(single));
  return rule && others.length === 0 && singles.length === 2 ? ruleKey(rule) : undefined;
}
