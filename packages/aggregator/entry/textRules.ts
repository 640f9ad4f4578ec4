import { readPatterns } from "@planet/content";
import type { ParsedEntry } from "../parse/types.ts";
import { textOf } from "../sanitize/text.ts";
import { titleText } from "../sanitize/titles.ts";

const MATCHED_TEXT_LENGTH = 64 * 1024;

/** `filter` and `exclude` of a feed, and what they are to be tried on. */
export interface TextRules {
  readonly filter?: string | undefined;
  readonly exclude?: string | undefined;
  readonly entries: readonly ParsedEntry[];
}

/**
 * Which entries may stay, in their order: those that every pattern of `filter` matches, and none of `exclude`. Patterns
 * were compiled when planet.ini was read, but on some texts one can still run forever: call this only in the
 * worker, under its time limit.
 */
export function matchEntries(rules: TextRules): boolean[] {
  const filter = readPatterns(rules.filter ?? "");
  const exclude = readPatterns(rules.exclude ?? "");
  return rules.entries.map((entry) => {
    const text = [titleText(entry.title), ...entry.categories, textOf(entry.content)].join("\n");
    const matched = text.slice(0, MATCHED_TEXT_LENGTH);
    return filter.every((pattern) => pattern.test(matched)) && !exclude.some((pattern) => pattern.test(matched));
  });
}
