import { sha256Of } from "@planet/content";
import { MOVED_AFTER } from "../build/feedOutcome.ts";
import type { FeedRecord } from "../build/feedRecord.ts";
import { openingOf, teaserOf } from "../entry/opening.ts";
import type { KnownEntry } from "../entry/sighting.ts";
import type { ParsedEntry } from "../parse/types.ts";
import { type JoinRules, joinRecords } from "./merge.ts";
import { type StoredAttempt, type StoredDocument, type StoredRecord, storedForm } from "./storedRecord.ts";

const DAY_MS = 86_400_000;

/** What is compared and listed of an entry: made again from its text, since a foreign one could hide other feeds' entries. */
export type Opening = Pick<KnownEntry, "opening" | "teaser">;

export const openingsOf = ({ entries }: StoredRecord): Opening[] =>
  entries.map(({ parsed }) => ({ opening: openingOf(parsed), teaser: teaserOf(parsed) }));

export interface RestoreFacts {
  /** Of the stored entries, in their order. */
  readonly openings: readonly Opening[];
  readonly rules: JoinRules;
  /** `filtersOf` the feed as it is now. */
  readonly filters: string;
  readonly now: number;
}

/**
 * What this server knows of a feed, together with what was stored of it. Times are believed only within what an engine could
 * have written, and a move only when the feed's own server confirms it: nobody can plant a feed that is asked elsewhere, or
 * never again.
 * @param local `emptyRecord` for a feed that this server knows nothing of
 */
export function restored(local: FeedRecord, stored: StoredRecord, facts: RestoreFacts): FeedRecord {
  const { openings, rules, filters, now } = facts;
  const mine = storedForm(local, { mayShow: () => true, filters, allowHosts: [] });
  const { document, attempt, entries, withdrawn, wasCut } =
    mine === undefined ? stored : joinRecords(mine, stored, rules);
  const known = new Map<ParsedEntry, Opening | undefined>([
    ...stored.entries.map(({ parsed }, index) => [parsed, openings[index]] as const),
    ...(mine?.entries ?? []).map(({ parsed, position }) => [parsed, local.feed?.entries[position]] as const),
  ]);
  const listed = (at: number) => at === document?.lastOk;
  const feed = document !== mine?.document ? document?.feed : (local.feed ?? document?.feed);
  return {
    ...local,
    ...(document !== undefined && document !== mine?.document && documentFields(document, local, facts)),
    ...(attempt !== undefined && attempt !== mine?.attempt && attemptFields(attempt, now)),
    feed: feed && {
      ...feed,
      entries: entries.map(({ parsed, sighting, at }): KnownEntry => {
        const { opening = "", teaser } = known.get(parsed) ?? {};
        return {
          ...parsed,
          sighting: { ...sighting, seen: Math.min(sighting.seen, now) },
          opening,
          teaser,
          listed: listed(at),
        };
      }),
    },
    wasCut,
    withdrawn: withdrawn.length === 0 ? undefined : withdrawn,
  };
}

function documentFields(document: StoredDocument, { url }: FeedRecord, { filters, now }: RestoreFacts) {
  const { lastOk, changedAt, parser, sourceUrl = url, bodyHash, validators, encoding, doubtful, bytes } = document;
  // With other filters, entries that were held back may be shown now: only the whole document has them.
  const isSame = document.filters === filters;
  return {
    ...{ parser, sourceUrl, encoding, doubtful, bytes },
    lastOk: Math.min(lastOk, now),
    changedAt: changedAt === undefined ? undefined : Math.min(changedAt, now),
    bodyHash: isSame ? bodyHash : undefined,
    validators: isSame ? validators : undefined,
    wholeAt: now - withinDay(url),
  };
}

function attemptFields(
  { lastTry, nextTry, hostBusyUntil, http, failures, failure, moved }: StoredAttempt,
  now: number,
) {
  const isMoved = moved !== undefined && moved.times >= MOVED_AFTER;
  return {
    ...{ http, failures, lastTry: Math.min(lastTry, now) },
    nextTry: isMoved || nextTry === undefined ? undefined : Math.min(nextTry, now + DAY_MS),
    hostBusyUntil: hostBusyUntil === undefined ? undefined : Math.min(hostBusyUntil, now + DAY_MS),
    failure: failure && { ...failure, since: Math.min(failure.since, now), message: "seen by another server" },
    moved: isMoved ? { ...moved, times: MOVED_AFTER - 1 } : moved,
  };
}

/** So that not all feeds of a new server are asked for the whole document at once. Equal in each run. */
function withinDay(url: string): number {
  return Math.floor((Number.parseInt(sha256Of(url).slice(0, 8), 16) / 2 ** 32) * (DAY_MS - 2 * 3_600_000));
}
