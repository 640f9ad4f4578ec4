import type { NetworkMode } from "@planet/eucalyptus-client";
import {
  containsUnknown,
  type DiffKind,
  type DiffResult,
  differences,
  type Inputs,
  topLevelName,
  type Value,
} from "@planet/pulumi-plugin";
import type { Handler } from "../handler.ts";
import { isInternal } from "./checkInputs.ts";
import { type InputRule, isComputed } from "./inputRule.ts";

/**
 * The one place that decides between nothing, update and replacement: from the rules of the inputs.
 * @param state Outputs as they are known, for what the cloud chose.
 */
export function diffInputs(
  handler: Pick<Handler, "inputs" | "stables" | "replacesInPlace" | "alike">,
  oldInputs: Inputs,
  news: Inputs,
  mode: NetworkMode | undefined,
  state: Inputs = {},
): DiffResult {
  const { before, after } = withChosen(handler.inputs, { oldInputs, news, state });
  const alike = handler.alike?.(before, after) ?? [];
  const detailed: Record<string, DiffKind> = {};
  const replaces = new Set<string>();
  for (const [path, kind] of Object.entries(differences(before, after))) {
    const name = topLevelName(path);
    const rule = handler.inputs[name];
    if (isInternal(name) || alike.includes(name) || isSame(rule, before[name], after[name])) continue;
    const replace = doesReplace(rule, mode);
    detailed[path] = replace ? `${kind}-replace` : kind;
    if (replace) replaces.add(name);
  }
  return {
    changes: Object.keys(detailed).length > 0,
    replaces: [...replaces],
    detailed,
    deleteBeforeReplace: handler.replacesInPlace?.(oldInputs, news) ?? false,
    stables: handler.stables,
  };
}

/** What the cloud chose counts as written: before, where the state knows it, and now, where nothing else is asked for. */
function withChosen(rules: Handler["inputs"], facts: { oldInputs: Inputs; news: Inputs; state: Inputs }) {
  const before = { ...facts.oldInputs };
  const after = { ...facts.news };
  for (const [name, rule] of Object.entries(rules)) {
    if (!isComputed(rule)) continue;
    const known = facts.state[name];
    if (!isGiven(before[name]) && isGiven(after[name]) && isGiven(known)) before[name] = known;
    if (!isGiven(after[name]) && isGiven(before[name])) after[name] = before[name];
  }
  return { before, after };
}

function isSame(rule: InputRule | undefined, old: Value | undefined, now: Value | undefined): boolean {
  if (rule?.kind === "refused") return true; // Check has let through only what changes nothing
  if (!rule?.same || !isGiven(old) || !isGiven(now) || containsUnknown(old) || containsUnknown(now)) return false;
  return rule.same(old, now);
}

const isGiven = (value: Value | undefined): value is NonNullable<Value> => value !== undefined && value !== null;

function doesReplace(rule: InputRule | undefined, mode: NetworkMode | undefined): boolean {
  if (rule === undefined || rule.kind === "refused") return false;
  return rule.replaces === true || (rule.replaces === "edge" && mode === "edge");
}
