import type { Fields } from "./fields.ts";
import type { PlanetKey } from "./keys.ts";
import type { FeedConfig } from "./types.ts";

/** As many as may be published: each is asked of the bucket at every sync. */
export const NAMED_FILES_LIMIT = 500;

/**
 * Files that are copied to the site. `images/#{face}` stands for one file per feed that has the key, so the list is
 * only known when the feeds are. Sorted, each name once.
 */
export function expandBill(fields: Fields<PlanetKey>, feeds: readonly FeedConfig[]): string[] {
  const names = new Set<string>();
  for (const pattern of fields.list("bill_of_materials")) {
    for (const name of expand(pattern, feeds)) names.add(name);
    if (names.size <= NAMED_FILES_LIMIT) continue;
    const text = `"bill_of_materials" names more than ${NAMED_FILES_LIMIT} files`;
    fields.error("bill_of_materials", "too-many-files", text);
    return [];
  }
  return [...names].sort();
}

function expand(pattern: string, feeds: readonly FeedConfig[]): string[] {
  const key = /#\{(\w+)\}/.exec(pattern)?.[1]?.toLowerCase();
  if (key === undefined) return [pattern];
  return feeds.flatMap(({ values }) => {
    const value = values.get(key);
    // A picture elsewhere is no file that could be copied.
    return value && !value.includes("://") ? [pattern.replace(/#\{\w+\}/, () => value)] : [];
  });
}
