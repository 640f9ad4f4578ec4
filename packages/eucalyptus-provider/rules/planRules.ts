import type { Permission } from "@planet/eucalyptus-client";
import { bridgedKey, bridgeOver } from "./bridge.ts";
import { ruleKey, type SingleRule, splitPermission, toPermission } from "./securityRules.ts";

/** What is to be done, in this order: at no moment, and after no crash, is closed what is open before and after. */
export interface RulePlan {
  /** What is missing, and bridges; one source each, none of them exists. */
  readonly open: readonly Permission[];
  /** Exactly as described: a part of a rule cannot be revoked. */
  readonly close: readonly Permission[];
  /** Rules that come back with another text. */
  readonly reopen: readonly Permission[];
  /** The bridges over these. */
  readonly cleanUp: readonly Permission[];
  /** Rules whose text cannot change without a gap; they keep the old one. */
  readonly unchangeable: readonly SingleRule[];
}

export interface WantedRules {
  readonly wanted: ReadonlyMap<string, SingleRule>;
  /** Which of the observed sources are to go. */
  isSurplus(key: string): boolean;
  /** What the program had before: 4.4 shows no texts, so whether one changed is only seen there. */
  readonly olds: ReadonlyMap<string, SingleRule>;
}

/**
 * From the observed rules to the wanted ones. A foreign rule that has several sources is closed with all of them, after
 * those that stay were opened one by one.
 */
export function planRules(live: readonly Permission[], { wanted, isSurplus, olds }: WantedRules): RulePlan {
  const kept = new Set<string>();
  const restored = new Map<string, SingleRule>();
  const close: Permission[] = [];
  const reworded = new Map<string, { old: Permission; bridge: Permission }>();
  const bridges = new Map<string, Permission>();
  const unchangeable: SingleRule[] = [];

  for (const permission of live) {
    const bridged = bridgedKey(permission);
    if (bridged !== undefined && (wanted.has(bridged) || isSurplus(bridged))) {
      bridges.set(bridged, permission);
      continue;
    }
    const singles = splitPermission(permission).map((single) => [ruleKey(single), single] as const);
    const isWrong = ([key, single]: readonly [string, SingleRule]) =>
      isSurplus(key) || isReworded(single, olds.get(key), wanted.get(key));
    const wrong = singles.filter(isWrong);
    const [first] = wrong;
    if (singles.length > 1 && first) {
      close.push(permission);
      for (const [key, single] of singles) if (!isSurplus(key)) restored.set(key, wanted.get(key) ?? single);
    } else if (first && isSurplus(first[0])) {
      close.push(permission);
    } else {
      for (const [key] of singles) kept.add(key);
      const bridge = first && bridgeOver(first[1]);
      if (first && bridge) reworded.set(first[0], { old: permission, bridge });
      else if (first) unchangeable.push(first[1]);
    }
  }

  const missing = sorted(new Map([...restored, ...wanted])).filter(([key]) => !kept.has(key));
  const changes = sorted(reworded);
  const left = [...bridges].filter(([key]) => !reworded.has(key));
  return {
    open: [
      ...missing.map(([, rule]) => toPermission(rule)),
      ...changes.filter(([key]) => !bridges.has(key)).map(([, { bridge }]) => bridge),
    ],
    close: [...close, ...changes.map(([, { old }]) => old), ...left.map(([, bridge]) => bridge)],
    reopen: changes.flatMap(([key]) => [wanted.get(key) ?? []].flat().map(toPermission)),
    cleanUp: changes.map(([key, { bridge }]) => bridges.get(key) ?? bridge),
    unchangeable,
  };
}

function isReworded(live: SingleRule, old: SingleRule | undefined, now: SingleRule | undefined): boolean {
  if (!now || now.description === live.description) return false;
  if (old && old.description !== now.description) return true;
  return now.description !== undefined && live.description !== undefined;
}

const sorted = <T>(rules: ReadonlyMap<string, T>) => [...rules].toSorted(([a], [b]) => a.localeCompare(b));
