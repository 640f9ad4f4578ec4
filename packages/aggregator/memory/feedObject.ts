import type { FeedConfig } from "@planet/content";
import { type FeedRecord, type FeedRecords, writtenRecord } from "../build/feedRecord.ts";
import type { ReaderPool } from "../build/worker/readerPool.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { type Forgotten, isEntryForgotten } from "./forgotten.ts";
import type { SharedObject } from "./keepObject.ts";
import { type JoinRules, joinRecords, materialOf, nothingOf } from "./merge.ts";
import { newer, pack, unreadable } from "./packed.ts";
import { type Opening, restored } from "./restore.ts";
import { filtersOf, recordName, type StoredRecord, storedForm } from "./storedRecord.ts";

/** Times of attempts and validators go to the bucket with the next change, or when they are so old. */
const REFRESH_MS = 6 * 3_600_000;
/** Of two servers. */
export const CLOCKS_APART_MS = 3_600_000;

/** A feed of the planet after a build. */
export interface RememberedFeed {
  readonly config: FeedConfig;
  /** Entries that are kept of it. */
  readonly keep: number;
  /** Without texts. */
  readonly record: FeedRecord;
  /** Ids of sightings: what may be shown of it. */
  readonly shown: ReadonlySet<string>;
  /** Whether this build has decided that: not while its entries are not shown at all. */
  readonly isJudged: boolean;
}

export interface FeedSources {
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
  readonly forgotten: Forgotten;
  readonly allowHosts: readonly string[];
  readonly now: number;
}

/** What was stored of a feed, and what its entries begin with. */
export interface Recalled {
  readonly stored: StoredRecord;
  readonly openings: readonly Opening[];
  /** Nothing of it was left out. */
  readonly isWhole: boolean;
}

export const joinRulesOf = ({ ignoreInFeed, futureDates }: FeedConfig, keep: number): JoinRules => ({
  ...{ keep, ignoreInFeed, futureDates },
});

/**
 * Read in a reader's thread, without what is to be forgotten, and without what claims to be of a time that is still to come:
 * it would be the latest for ever. @throws {UnreadableObjectError}
 */
export async function recallRecord(
  bytes: Uint8Array,
  url: string,
  { readers, forgotten, now }: Pick<FeedSources, "readers" | "forgotten" | "now">,
): Promise<Recalled> {
  const read = await readers.run<"recall">({ kind: "recall", bytes }).catch((cause: unknown) => {
    throw unreadable({ cause });
  });
  if (read.kind === "newer") throw newer();
  if (read.kind === "unusable" || read.stored.url !== withoutPasswords(url)) throw unreadable();
  const { stored, openings } = read;
  const { document, attempt, withdrawn } = stored;
  const isPast = (time = 0) => time <= now + CLOCKS_APART_MS;
  const kept = stored.entries.map(
    ({ sighting, parsed, at }) => isPast(at) && !isEntryForgotten(forgotten, sighting.id, parsed),
  );
  const believed: StoredRecord = {
    ...stored,
    document: isPast(document?.lastOk) ? document : undefined,
    attempt: isPast(attempt?.lastTry) ? attempt : undefined,
    entries: stored.entries.filter((_, index) => kept[index]),
    withdrawn: withdrawn.filter(({ at }) => isPast(at)),
  };
  return {
    stored: believed,
    openings: openings.filter((_, index) => kept[index]),
    isWhole: JSON.stringify(believed) === JSON.stringify(stored),
  };
}

/**
 * The object of a feed. What another server has added to it is taken into this one's record, and is on its page from the
 * next run on.
 */
export function feedObject(feed: RememberedFeed, sources: FeedSources): SharedObject<Recalled> {
  const { config, record, shown, isJudged, keep } = feed;
  const { records, allowHosts, now } = sources;
  const [rules, filters] = [joinRulesOf(config, keep), filtersOf(config)];
  const judged = new Set(isJudged ? record.feed?.entries.map(({ sighting }) => sighting.id) : []);
  return {
    name: recordName(config.url),
    decode: (bytes) => recallRecord(bytes, config.url, sources),
    encode: ({ stored }) => pack(stored),
    async combine(found) {
      const local = records.load(config.url);
      const known = found === undefined ? local : restored(local, found.stored, { ...found, rules, filters, now });
      if (JSON.stringify(known) !== JSON.stringify(local)) await records.save(writtenRecord(known));
      // What this build has not decided on was stored by a server that had.
      const stored = new Set(found?.stored.entries.map(({ sighting }) => sighting.id));
      const mayShow = (id: string) => shown.has(id) || (stored.has(id) && !judged.has(id));
      const mine = storedForm(known, { mayShow, filters, allowHosts });
      const before = found && {
        ...found.stored,
        entries: found.stored.entries.filter((each) => mayShow(each.sighting.id)),
      };
      const nothing = nothingOf({ schema: 1, url: withoutPasswords(config.url) });
      return { stored: joinRecords(mine ?? nothing, before ?? nothing, rules), openings: [], isWhole: true };
    },
    isSame: (found, wanted) =>
      found.isWhole && materialOf(found.stored) === materialOf(wanted.stored) && !isStale(found, wanted),
  };
}

const isStale = (found: Recalled, wanted: Recalled): boolean =>
  (wanted.stored.attempt?.lastTry ?? 0) - (found.stored.attempt?.lastTry ?? 0) >= REFRESH_MS;

/** What a feed's object depends on, so that most runs need not read its texts again. */
export function markOf({ config, record, keep, shown, isJudged }: RememberedFeed): string {
  const { changedAt, failures, failure, moved, parser, wasCut, withdrawn } = record;
  const fared = [changedAt, failures, failure?.code, failure?.since, moved, parser, wasCut, withdrawn];
  return JSON.stringify([...fared, filtersOf(config), keep, isJudged, [...shown]]);
}

/** The object of a feed that planet.ini has no more: empty. */
export function removedFeed(name: string, readers: ReaderPool): SharedObject<StoredRecord | undefined> {
  return {
    name,
    async decode(bytes) {
      const read = await readers.run<"recall">({ kind: "recall", bytes }).catch((cause: unknown) => {
        throw unreadable({ cause });
      });
      if (read.kind === "newer") throw newer();
      return read.kind === "record" ? read.stored : undefined;
    },
    encode: pack,
    // What nobody can read is nobody's record: it is left alone.
    combine: async (stored) => (stored === undefined ? undefined : nothingOf(stored)),
    isSame: (stored, wanted) => JSON.stringify(stored) === JSON.stringify(wanted),
  };
}
