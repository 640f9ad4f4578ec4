import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sameCategory } from "@planet/content";
import type { KnownEntry } from "../entry/sighting.ts";
import type { KnownFeed } from "../entry/types.ts";
import type { FailureCode } from "../fetch/errors.ts";
import type { Validators } from "../fetch/fetchFeed.ts";
import { writeAtomically } from "../files.ts";
import type { Withdrawn } from "../memory/storedRecord.ts";
import { plainName } from "../sanitize/text.ts";
import { type FirstRecord, fromFirstRecord, isFirstRecord } from "./firstRecord.ts";

/** The form of a record's file. A record of the form before is read, too: readFirstRecord. */
const SCHEMA = 2;
/** Raised when the parser gives other results for the same bytes: documents are then fetched again. */
const PARSER = 2;

/** Everything remembered of one feed. When it is lost, the next run asks again, but first sightings are forgotten. */
export interface FeedRecord {
  readonly schema: number;
  readonly parser: number;
  readonly url: string;
  readonly feed?: KnownFeed | undefined;
  /** The last document had more entries than are kept. */
  readonly wasCut?: boolean | undefined;
  /** Where `feed` came from. */
  readonly sourceUrl: string;
  readonly bodyHash?: string | undefined;
  readonly validators?: Validators | undefined;
  readonly encoding?: string | undefined;
  /** More than 1 % of it could not be decoded. */
  readonly doubtful?: boolean | undefined;
  readonly bytes: number;
  readonly failures: number;
  readonly failure?: { readonly code: FailureCode; readonly message: string; readonly since: number } | undefined;
  readonly http?: number | undefined;
  readonly lastOk?: number | undefined;
  readonly lastTry?: number | undefined;
  readonly nextTry?: number | undefined;
  /** Until when its server asked us to leave it alone, with all its feeds. */
  readonly hostBusyUntil?: number | undefined;
  /** Last time that the document had other bytes than before. */
  readonly changedAt?: number | undefined;
  readonly moved?: { readonly url: string; readonly times: number } | undefined;
  /** When a document was last read whole: an answer that nothing has changed is believed for a day. */
  readonly wholeAt?: number | undefined;
  /** Entries that their authors took back: the planet's memory is not to bring them back. Newest first. */
  readonly withdrawn?: readonly Withdrawn[] | undefined;
  readonly ms: number;
}

/** A feed that nothing is known about. */
export function emptyRecord(url: string): FeedRecord {
  return { schema: SCHEMA, parser: PARSER, url, sourceUrl: url, bytes: 0, failures: 0, ms: 0 };
}

/**
 * The record with only that of its entries which decides where they stand: texts and everything that is shown stay on disk
 * until somebody shows them, and of its categories all but the wanted ones (by `sameCategory`). A planet of a thousand feeds has some twenty thousand entries in memory. Never to be saved.
 */
export function withoutTexts(record: FeedRecord, categories: ReadonlySet<string>): FeedRecord {
  const { feed } = record;
  if (feed === undefined) return record;
  return { ...record, feed: { ...feed, entries: feed.entries.map((entry) => bare(entry, categories)) } };
}

/** A record as its file, which alone has the texts, and as it is kept in memory. */
export interface WrittenRecord {
  readonly text: string;
  readonly record: FeedRecord;
}

export function writtenRecord(record: FeedRecord, categories: ReadonlySet<string> = new Set()): WrittenRecord {
  return { text: JSON.stringify(record), record: withoutTexts(record, categories) };
}

/** One array for all entries: an empty one of its own would be a fifth of each. */
const NONE: readonly never[] = [];

function bare(entry: KnownEntry, wanted: ReadonlySet<string>): KnownEntry {
  const { id, link, title, published, updated, sighting, opening, teaser, listed } = entry;
  const known = wanted.size === 0 ? NONE : entry.categories.filter((name) => wanted.has(sameCategory(plainName(name))));
  const categories = known.length === 0 ? NONE : known;
  return { id, link, title, published, updated, sighting, opening, teaser, listed, categories, enclosures: NONE };
}

/** The last good copies, one file per feed. */
export class FeedRecords {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * A file that is missing, cut or foreign counts as absent, for its feed alone. Not asynchronous: a run reads thousands of
   * them, and to ask a thread of Node's for one takes several times as long as to read it.
   */
  load(url: string): FeedRecord {
    try {
      return readRecord(JSON.parse(readFileSync(this.#path(url), "utf8")), url) ?? emptyRecord(url);
    } catch {
      return emptyRecord(url); // absent, not JSON or of another shape
    }
  }

  /** Whole or not at all. */
  save({ record, text }: WrittenRecord): Promise<void> {
    return writeAtomically(this.#path(record.url), text);
  }

  #path(url: string): string {
    return join(this.#directory, `${createHash("sha256").update(url).digest("hex").slice(0, 32)}.json`);
  }
}

function readRecord(stored: FeedRecord | FirstRecord, url: string): FeedRecord | undefined {
  if (stored.url !== url) return undefined;
  const record = isFirstRecord(stored) ? fromFirstRecord(stored) : stored;
  if (record.schema !== SCHEMA || record.feed?.entries.every(isKnownEntry) === false) return undefined;
  return record.parser === PARSER ? record : { ...record, parser: PARSER, validators: undefined, bodyHash: undefined };
}

function isKnownEntry({ sighting, opening, categories, enclosures }: KnownEntry): boolean {
  return (
    typeof sighting.id === "string" &&
    Number.isFinite(sighting.seen) &&
    Number.isFinite(sighting.index) &&
    typeof opening === "string" &&
    Array.isArray(categories) &&
    Array.isArray(enclosures)
  );
}
