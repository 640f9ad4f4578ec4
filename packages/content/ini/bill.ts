import type { Fields } from "./fields.ts";
import type { FeedConfig } from "./types.ts";

/**
 * Files that are copied to the site. `images/#{face}` stands for one file per feed that has the key, so the list is
 * only known when the feeds are. Sorted, each name once.
 */
export function expandBill(fields: Fields, feeds: readonly FeedConfig[]): string[] {
  const names = fields.list("bill_of_materials").flatMap((pattern) => expand(pattern, feeds));
  return [...new Set(names)].sort();
}

function expand(pattern: string, feeds: readonly FeedConfig[]): string[] {
  const key = /#\{(\w+)\}/.exec(pattern)?.[1]?.toLowerCase();
  if (key === undefined) return [pattern];
  return feeds.flatMap(({ values }) => {
    const value = values.get(key);
    return value ? [pattern.replace(/#\{\w+\}/, () => value)] : [];
  });
}
