import { lineOf } from "./entryLine.ts";
import { keyOf } from "./keys.ts";
import { type ArchivedEntry, type ArchiveMonth, type GoneEntry, isShown } from "./types.ts";

/** More than any planet has in a month: only a stored month that somebody made larger reaches it. */
export const MAX_ENTRIES = 20_000;

/**
 * Marks of entries that are gone, the last ones: a feed that makes up entries and takes them back must not fill a month with
 * them. An entry comes back without its mark only from a server that has missed so many that came after it.
 */
export const MAX_GONE = 2_000;

export type Stored = ArchivedEntry | GoneEntry;

/**
 * What two servers know of one month, as one: every entry of either, the later words where they differ. Merging is
 * commutative, associative and idempotent, so it does not matter who merges what with whom, in which order, or how often;
 * of more marks than there is room for, associative only in what it shows.
 */
export function mergeMonths(a: ArchiveMonth, b: ArchiveMonth): ArchiveMonth {
  const entries = entriesByKey(a.entries);
  for (const [key, entry] of entriesByKey(b.entries)) {
    const known = entries.get(key);
    entries.set(key, known === undefined ? entry : laterOf(known, entry));
  }
  return monthWith(a.month, entries);
}

/** @param entries each once, in any order. */
export const monthFrom = (month: string, entries: readonly Stored[]): ArchiveMonth =>
  monthWith(month, entriesByKey(entries));

/** As a month is changed: each key is a hash, so they are made once. */
export const entriesByKey = (entries: readonly Stored[]): Map<string, Stored> =>
  new Map(entries.map((entry) => [keyOf(entry), entry]));

/** More than can be are left out by what no server can change of an entry, or merging would depend on who began. */
export function monthWith(month: string, byKey: ReadonlyMap<string, Stored>): ArchiveMonth {
  const old = oldMarks([...byKey.values()]);
  const sorted = [...byKey]
    .filter(([, entry]) => !old.has(entry))
    .sort(([a], [b]) => compare(a, b))
    .slice(0, MAX_ENTRIES);
  return { month, entries: sorted.map(([, entry]) => entry) };
}

/** Those that a month has no room for. */
export function oldMarks(entries: readonly Stored[]): ReadonlySet<Stored> {
  const marks = entries.filter((entry): entry is GoneEntry => !isShown(entry));
  marks.sort((a, b) => b.at - a.at || compare(a.key, b.key));
  return new Set(marks.slice(MAX_GONE));
}

/** A total order of all states that an entry can have, or merging would depend on who began. */
function laterOf(a: Stored, b: Stored): Stored {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return compare(lineOf(a), lineOf(b)) >= 0 ? a : b;
}

/** By code units: the order of a locale is another on another machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
