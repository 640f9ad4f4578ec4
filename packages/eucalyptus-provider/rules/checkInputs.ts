import { Asset, containsUnknown, type Inputs, isMap, isUnknown, type Problem, type Value } from "@planet/pulumi-plugin";
import type { InputKind, InputRule } from "./inputRule.ts";

/** Names that the engine or an older SDK may leave among the inputs. */
export function isInternal(name: string): boolean {
  return name === "version" || name.startsWith("__");
}

/** Every problem that the table alone shows, in the order of the property names. */
export function checkInputs(rules: Readonly<Record<string, InputRule>>, news: Inputs, ourRegion?: string): Problem[] {
  const names = [...new Set([...Object.keys(rules), ...Object.keys(news)])].filter((name) => !isInternal(name));
  return names.toSorted().flatMap((name) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    return problemWith(name, rule, news[name] ?? undefined, ourRegion);
  });
}

function problemWith(
  name: string,
  rule: InputRule | undefined,
  value: Value | undefined,
  ourRegion?: string,
): Problem[] {
  if (!rule) return [{ property: name, reason: "is not known here; remove it" }];
  if (value === undefined) {
    return rule.kind !== "refused" && rule.required ? [{ property: name, reason: "is required" }] : [];
  }
  const problem = (reason: string): Problem[] =>
    rule.kind !== "refused" && rule.hidden
      ? [{ property: "", reason: `${name}: ${reason}` }]
      : [{ property: name, reason }];

  if (rule.kind === "refused") {
    return rule.unless?.some((harmless) => JSON.stringify(harmless) === JSON.stringify(value))
      ? []
      : problem(rule.reason);
  }
  if (isUnknown(value)) return [];
  if (!isOfKind(rule.kind, value)) return problem(`must be ${WORDS[rule.kind]}`);
  if (containsUnknown(value)) return [];
  if (name === "region" && ourRegion !== undefined && value !== ourRegion) {
    return problem(`the provider is for region "${ourRegion}"; remove it, or use a provider for the other region`);
  }
  const reason = rule.problem?.(value);
  return reason === undefined ? [] : problem(reason);
}

const WORDS: Readonly<Record<InputKind, string>> = {
  string: "a text",
  boolean: "true or false",
  number: "a whole number",
  strings: "a list of texts",
  stringMap: "a map of texts",
  asset: "an asset: a file or a text (no archive)",
  object: "an object",
  objects: "a list of objects",
};

function isOfKind(kind: InputKind, value: Value): boolean {
  const isText = (item: Value) => typeof item === "string" || isUnknown(item);
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return Number.isInteger(value);
    case "strings":
      return Array.isArray(value) && value.every(isText);
    case "stringMap":
      return isMap(value) && Object.values(value).every(isText);
    case "asset":
      return value instanceof Asset;
    case "object":
      return isMap(value);
    case "objects":
      return Array.isArray(value) && value.every((item: Value) => isMap(item) || isUnknown(item));
  }
}
