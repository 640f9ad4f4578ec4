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
 * Which entries may stay, in their order. Patterns were compiled when planet.ini was read, but on some texts a pattern can still
 * run forever: call this only in the worker, under its time limit.
 */
export function matchEntries(rules: TextRules): boolean[] {
  const filter = pattern(rules.filter);
  const exclude = pattern(rules.exclude);
  return rules.entries.map((entry) => {
    const text = `${titleText(entry.title)}\n${textOf(entry.content)}`.slice(0, MATCHED_TEXT_LENGTH);
    return (filter?.test(text) ?? true) && !(exclude?.test(text) ?? false);
  });
}

function pattern(source: string | undefined): RegExp | undefined {
  return source === undefined || source === "" ? undefined : new RegExp(source, "u");
}
