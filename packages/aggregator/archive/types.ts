import type { CleanHtml } from "../text/cleanHtml.ts";

/** Instead of a month: entries without a date. */
export const UNDATED = "undated";

/** What the archive shows of an entry. All of it is clean; what an entry lacks is empty. */
export interface ArchivedEntry {
  /** The id that our feeds give it. */
  readonly id: string;
  /** When it got these words, epoch ms as all times here. */
  readonly at: number;
  /** When it was first seen, and its place in the document then: they decide ties. */
  readonly seen: number;
  readonly index: number;
  /** What entries are sorted by: `-Infinity` without a date. */
  readonly order: number;
  /** The date that it shows. */
  readonly date?: number | undefined;
  /** Its feed's: keys.ts. */
  readonly feed: string;
  /** The feed's in planet.ini, for the time when it is no longer there. */
  readonly name: string;
  readonly title: CleanHtml;
  readonly link: string;
  readonly author: string;
  readonly language: string;
  readonly categories: readonly string[];
  /** The first words of an entry without a title. */
  readonly teaser: string;
}

/** An entry that was taken back, or is in another month now. Nothing of it is kept, not even its id. */
export interface GoneEntry {
  /** `idKey` of its id: keys.ts. */
  readonly key: string;
  readonly at: number;
  readonly gone: true;
}

/** `entries` are sorted by `keyOf`, each is there once. */
export interface ArchiveMonth {
  /** `2026-11`, in UTC, or `undated`. */
  readonly month: string;
  readonly entries: readonly (ArchivedEntry | GoneEntry)[];
}

export const isShown = (entry: ArchivedEntry | GoneEntry): entry is ArchivedEntry => !("gone" in entry);
