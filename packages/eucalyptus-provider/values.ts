import { type Inputs, UNKNOWN, type Value } from "@planet/pulumi-plugin";

/** A text input; "" when absent or not known yet. */
export function textOf(inputs: Inputs, name: string): string {
  const value = inputs[name];
  return typeof value === "string" ? value : "";
}

/** A text input, undefined when absent, unknown or "". */
export function textIn(inputs: Inputs, name: string): string | undefined {
  const text = textOf(inputs, name);
  return text === "" ? undefined : text;
}

export function flagIn(inputs: Inputs, name: string): boolean | undefined {
  const value = inputs[name];
  return typeof value === "boolean" ? value : undefined;
}

/** The texts of a list; [] when absent. */
export function textsOf(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item: Value): item is string => typeof item === "string") : [];
}

/** The named outputs as "known later". */
export function unknowns(names: readonly string[]): Inputs {
  return Object.fromEntries(names.map((name) => [name, UNKNOWN]));
}

/** Without the names whose value is undefined. */
export function defined(values: Readonly<Record<string, Value | undefined>>): Inputs {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

/** The given names of `inputs`, where the user has set them, with the values of `live`. */
export function refreshed(inputs: Inputs, live: Inputs): Inputs {
  const names = Object.keys(live).filter((name) => inputs[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, live[name] ?? null]));
}
