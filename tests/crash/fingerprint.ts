import { createHash } from "node:crypto";

/** Any JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** When something happened, and where in the program it stands. Nothing that the stack does depends on it. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  ...["created", "modified", "time", "sourcePosition", "stackTrace"], // of the engine; the first two of S3, too
  ...["launchTime", "terminatedAt", "associatedAt"], // of EC2
  ...["startTime", "endTime"], // of the history, and of activities
  ...["createdTime", "changedTime", "scaledTime", "launchedAt", "inServiceAt", "registeredAt"], // of groups and balancers
  ...["cause", "change"], // of activities: sentences with times
]);

/** Texts that are chosen anew each time: by the cloud's counters, or by lot. */
const CHOSEN: ReadonlySet<string> = new Set(["ciphertext", "macAddress", "file"]);

/** Parts of texts that are chosen anew each time, by what they name; the last digits of an attachment's id. */
const NAMES =
  /\b(i|r|sg|eni|eni-attach|eipalloc|eipassoc)-[0-9a-f]{8,17}\b|\bplanet-[0-9a-f]{8}-(?:launch-[0-9a-f]{7}|[0-9a-f]{8})\b|(?<=\/[a-z-]+:)[0-9a-f]{8}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?:10|127)(?:\.\d+){3}\b(?!:\d|\/\d)/g;

/** Names that the engine completes by lot: `planet-group-26f9df0`, and the ids of commands: `served88690f96`. */
const COMPLETED = /^([a-z-]+-)[0-9a-f]{7}$|^([a-z-]+?)[0-9a-f]{8}$/;

/**
 * Equal for two values exactly when one becomes the other by other times and other ids: ids are replaced by the order in
 * which they are first seen, so that two that were different stay different, and the one that was meant is still meant.
 * Pure.
 */
export function fingerprint(value: Json): string {
  return createHash("sha256").update(normalised(value)).digest("hex");
}

/** The text that {@link fingerprint} is of. */
export function normalised(value: Json): string {
  const numbers = new Map<string, number>();
  const numberOf = (kind: string, text: string): string => {
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    // Such a character is in none of these texts.
    return `\u0000${kind} ${number}\u0000`;
  };
  const textOf = (text: string, key: string): string => {
    if (CHOSEN.has(key)) return numberOf(key, text);
    const [, named, commanded] =
      (key === "name" || key === "groupName" || key === "id" ? COMPLETED.exec(text) : null) ?? [];
    const beginning = named ?? commanded;
    if (beginning !== undefined) return numberOf(beginning, text);
    return text.replaceAll(NAMES, (name: string, kind?: string) => numberOf(kind ?? "", name));
  };
  const walk = (each: Json, key: string): Json => {
    if (FOR_PEOPLE.has(key)) return "\u0000for people\u0000";
    if (typeof each === "string") return textOf(each, key);
    if (Array.isArray(each)) return each.map((item: Json) => walk(item, key));
    if (typeof each !== "object" || each === null) return each;
    const entries = Object.entries(each as Readonly<Record<string, Json>>).toSorted(byKey);
    return Object.fromEntries(entries.map(([name, item]) => [textOf(name, ""), walk(item, name)]));
  };
  return JSON.stringify(walk(value, ""));
}

const byKey = ([left]: [string, unknown], [right]: [string, unknown]): number =>
  left < right ? -1 : left > right ? 1 : 0;
