import { createHash } from "node:crypto";
import type { Inputs, Value } from "@planet/pulumi-plugin";
import type { CheckFacts } from "../handler.ts";

const SUFFIX_DIGITS = 7;

/**
 * A name made from the logical one, as Pulumi does it: kept while the resource lives, new for a replacement,
 * because the second check of a replacement has no olds. A chosen name stays when its line is dropped: nobody loses a
 * bucket or a group by that.
 */
export function completeName(
  news: Inputs,
  facts: Pick<CheckFacts, "name" | "olds" | "randomSeed">,
  names: { readonly property: string; readonly prefix: string },
): Inputs {
  const { property, prefix } = names;
  if (news[property] !== undefined) return news;
  const wantedPrefix = news[prefix];
  if (wantedPrefix !== undefined && typeof wantedPrefix !== "string") return news; // unknown yet
  const start = wantedPrefix ?? `${facts.name}-`;
  const old = facts.olds?.[property];
  const isKept = typeof old === "string" && (wantedPrefix === undefined || isMadeFrom(start, old));
  const suffix = createHash("sha256").update(facts.randomSeed).update(start).digest("hex").slice(0, SUFFIX_DIGITS);
  return { ...news, [property]: isKept ? old : `${start}${suffix}` };
}

/** Whether two inputs name the same thing by a name that a user chose: then old and new cannot exist together. */
export function isSameFixedName(old: Value | undefined, now: Value | undefined): boolean {
  return typeof old === "string" && old === now && !/-[0-9a-f]{7}$/.test(old);
}

function isMadeFrom(start: string, name: string): boolean {
  return name.startsWith(start) && /^[0-9a-f]{7}$/.test(name.slice(start.length));
}
