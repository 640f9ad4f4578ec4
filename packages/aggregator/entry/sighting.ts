import type { ParsedEntry } from "../parse/types.ts";
import { type Blog, type Marks, marksOf } from "./marks.ts";
import { openingOf, teaserOf } from "./opening.ts";
import { Namer } from "./publishedId.ts";
import { recognise, sameness } from "./recognise.ts";

/** This many entries with one date mean a regenerated feed, not a busy minute. */
const SAME_DATE_LIMIT = 4;

/** What is kept of the first time that an entry was seen. Nothing of it changes while the feed's record lives. */
export interface Sighting {
  /** The id that our feeds give it. */
  readonly id: string;
  /** Epoch ms, as all times here. */
  readonly seen: number;
  /** It came when the feed was known already, so `seen` is about the time when it was written. */
  readonly late: boolean;
  /** Its dates then; the first ones that it got, when it had none. */
  readonly published?: number | undefined;
  readonly updated?: number | undefined;
  /** Newest date of that document that was not in the future: absent in a feed without dates. */
  readonly newestThen?: number | undefined;
  /** Place in that document, from 0. */
  readonly index: number;
}

/** An entry in its last state, with its first sighting. */
export interface KnownEntry extends ParsedEntry {
  readonly sighting: Sighting;
  /** See opening.ts. */
  readonly opening: string;
  readonly teaser?: string | undefined;
  /** The feed's last document has it. Those that a short feed has pushed out are kept. */
  readonly listed: boolean;
}

/** What is known besides the document. */
export interface SightingFacts {
  readonly blog: Blog;
  readonly now: number;
  /** The entries known so far; undefined: the feed was never read. */
  readonly before: readonly KnownEntry[] | undefined;
  /** The document before had more entries than were kept: those at its end are not new. */
  readonly wasCut: boolean;
}

export const ownDate = (dates: { published?: number | undefined; updated?: number | undefined }) =>
  dates.published ?? dates.updated;

/** The entries of a new document in its order, then those that are kept although it has them no more. */
export function sightEntries(document: readonly ParsedEntry[], facts: SightingFacts): KnownEntry[] {
  const { before = [], blog } = facts;
  const { entries, marks } = withoutRepetitions(document, blog);
  const beforeMarks = before.map((entry) => marksOf(entry, blog));
  const found = recognise(marks, beforeMarks);
  const recognised = new Set(found);
  const all = [...marks, ...beforeMarks.filter((_, index) => !recognised.has(index))];
  const namer = new Namer(
    blog.home,
    all,
    before.map(({ sighting }) => sighting.id),
  );
  const sight = firstSightings(entries, found, facts);
  const listed = entries.map((entry, index): KnownEntry => {
    const known = before[found[index] ?? -1];
    const sighting =
      known === undefined
        ? { id: namer.nameOf(marks[index] as Marks, entry.id), ...sight(entry, index) }
        : withFirstDate(known.sighting, entry);
    return { ...entry, sighting, opening: openingOf(entry), teaser: teaserOf(entry), listed: true };
  });
  return [...listed, ...pushedOut(before, recognised)];
}

/** The same entry twice in one document: the later `updated` wins, the first place stays. */
function withoutRepetitions(document: readonly ParsedEntry[], blog: Blog): { entries: ParsedEntry[]; marks: Marks[] } {
  const found = new Map<string, { entry: ParsedEntry; marks: Marks }>();
  for (const entry of document) {
    const marks = marksOf(entry, blog);
    const key = sameness(marks);
    const known = found.get(key)?.entry;
    if (known === undefined || (entry.updated ?? 0) > (known.updated ?? 0)) found.set(key, { entry, marks });
  }
  const kept = [...found.values()];
  return { entries: kept.map(({ entry }) => entry), marks: kept.map(({ marks }) => marks) };
}

/** What is to be remembered of the new entries of a document. */
function firstSightings(
  entries: readonly ParsedEntry[],
  found: readonly (number | undefined)[],
  { before, wasCut, now }: SightingFacts,
): (entry: ParsedEntry, index: number) => Omit<Sighting, "id"> {
  const dates = entries.map(ownDate);
  const [first] = dates;
  const regenerated = dates.length >= SAME_DATE_LIMIT && first !== undefined && dates.every((date) => date === first);
  const newestThen = latest(dates.filter((date) => date !== undefined && date <= now));
  const lastKnown = found.findLastIndex((match) => match !== undefined);
  return ({ published, updated }, index) => {
    const late = before !== undefined && !(wasCut && index > lastKnown);
    const seen = { seen: now, late, index };
    // The date is that of the last rebuild, and says nothing about an entry that came after others.
    return late && regenerated ? seen : { ...seen, published, updated, newestThen };
  };
}

/** An entry that had no date, and so stands at the end, gets the first one that the feed gives it. */
function withFirstDate(sighting: Sighting, { published, updated }: ParsedEntry): Sighting {
  const isPlaced = ownDate(sighting) !== undefined || (sighting.late && sighting.newestThen === undefined);
  return isPlaced ? sighting : { ...sighting, published, updated };
}

/**
 * The known entries that are not in the document because newer ones took their room. One that is missing while an older
 * one behind it is still listed was taken back by its author.
 */
function pushedOut(before: readonly KnownEntry[], recognised: ReadonlySet<number | undefined>): KnownEntry[] {
  const kept: KnownEntry[] = [];
  let oldestBehind = Number.POSITIVE_INFINITY;
  for (let index = before.length - 1; index >= 0; index -= 1) {
    const entry = before[index] as KnownEntry;
    const date = ownDate(entry.sighting) ?? Number.NEGATIVE_INFINITY;
    if (recognised.has(index)) {
      if (entry.listed) oldestBehind = Math.min(oldestBehind, date);
    } else if (!entry.listed || oldestBehind > date) kept.push({ ...entry, listed: false });
  }
  return kept.reverse();
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((best, time) => (best === undefined || (time ?? best) > best ? time : best), undefined);
}
