import { isRecord } from "@planet/content/json";
import { record } from "../text/json.ts";

/** Settings without their namespace, as text; lists and maps as JSON. Secrets are left out: nothing here needs one. */
export type StackConfig = Readonly<Record<string, string>>;

/** @param text Of `pulumi config --json`, which has the project's defaults too. */
export function parseConfig(text: string): StackConfig {
  const entries = Object.entries(record(JSON.parse(text))).flatMap(([key, value]): [string, string][] => {
    if (!key.startsWith("planet:") || !isRecord(value) || typeof value.value !== "string") return [];
    return [[key.slice("planet:".length), value.value]];
  });
  return Object.fromEntries(entries);
}

/** A list of texts; anything else is empty, since the program itself refuses it. */
export function listIn(config: StackConfig, name: string): string[] {
  try {
    const value: unknown = JSON.parse(config[name] ?? "[]");
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
}

/** The planet's names, the canonical one first. */
export const hostNamesIn = ({ host = "" }: StackConfig): string[] => host.split(/[\s,]+/).filter((name) => name !== "");

/** A map to texts; anything else is empty, as above. */
export function mapIn(config: StackConfig, name: string): Record<string, string> {
  try {
    const entries = Object.entries(record(JSON.parse(config[name] ?? "{}")));
    return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
  } catch {
    return {};
  }
}
