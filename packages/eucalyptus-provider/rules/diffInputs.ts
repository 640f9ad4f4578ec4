import type { NetworkMode } from "@planet/eucalyptus-client";
import {
  containsUnknown,
  type DiffKind,
  type DiffResult,
  differences,
  type Inputs,
  topLevelName,
} from "@planet/pulumi-plugin";
import type { Handler } from "../handler.ts";
import { isInternal } from "./checkInputs.ts";
import type { InputRule } from "./inputRule.ts";

/** The one place that decides between nothing, update and replacement: from the rules of the inputs. */
export function diffInputs(
  handler: Pick<Handler, "inputs" | "stables" | "replacesInPlace">,
  oldInputs: Inputs,
  news: Inputs,
  mode: NetworkMode | undefined,
): DiffResult {
  const detailed: Record<string, DiffKind> = {};
  const replaces = new Set<string>();
  for (const [path, kind] of Object.entries(differences(oldInputs, news))) {
    const name = topLevelName(path);
    const rule = handler.inputs[name];
    if (isInternal(name) || isSame(rule, oldInputs, news, name)) continue;
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

function isSame(rule: InputRule | undefined, oldInputs: Inputs, news: Inputs, name: string): boolean {
  const old = oldInputs[name] ?? undefined;
  const now = news[name] ?? undefined;
  if (rule === undefined || rule.kind === "refused" || !rule.same) return false;
  if (old === undefined || now === undefined || containsUnknown(old) || containsUnknown(now)) return false;
  return rule.same(old, now);
}

function doesReplace(rule: InputRule | undefined, mode: NetworkMode | undefined): boolean {
  if (rule === undefined || rule.kind === "refused") return false;
  return rule.replaces === true || (rule.replaces === "edge" && mode === "edge");
}
