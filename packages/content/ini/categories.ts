import type { Fields } from "./fields.ts";
import type { PlanetKey } from "./keys.ts";
import { decodeReferences } from "./references.ts";

/** Each has a page and a feed, which are made from texts. */
const LIMIT = 50;
const LONGEST = 100;

/** One spelling for what feeds and editors write as the same category. */
export const sameCategory = (name: string): string => name.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();

/** Names that are separated by commas or lines, each once, in the order of the file. */
export function readCategories(fields: Fields<PlanetKey>): string[] {
  const names = new Map<string, string>();
  for (const written of fields.text("categories")?.split(/[,\n]/) ?? []) {
    const name = decodeReferences(written).trim();
    if (name.length > LONGEST) {
      fields.error("categories", "long-category", `"categories" has a name of more than ${LONGEST} characters`);
    } else if (name !== "" && !names.has(sameCategory(name))) names.set(sameCategory(name), name);
  }
  if (names.size <= LIMIT) return [...names.values()];
  fields.error("categories", "too-many-categories", `"categories" has ${names.size} names, the limit is ${LIMIT}`);
  return [];
}
