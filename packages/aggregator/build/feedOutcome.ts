import { createHash } from "node:crypto";
import { entryKey } from "../entry/identity.ts";
import type { FetchError } from "../fetch/errors.ts";
import type { Fetched } from "../fetch/fetchFeed.ts";
import { afterFailure, afterSuccess } from "../fetch/schedule.ts";
import type { ParsedDocument } from "../parse/parseDocument.ts";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";
import type { FeedRecord } from "./feedRecord.ts";

/** How many times in a row a permanent redirect must be seen before its target is used directly. */
export const MOVED_AFTER = 3;

/** One attempt: what was known, what came, when, how long it took. */
export interface OutcomeFacts {
  readonly record: FeedRecord;
  readonly fetched: Fetched;
  readonly now: number;
  readonly ms: number;
}

/** Hash of a body: equal bytes are not parsed again. */
export function hashOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The record after a new document was read. */
export function withDocument(
  facts: OutcomeFacts,
  document: ParsedDocument,
  bodyHash: string,
  keep: number,
): FeedRecord {
  const { record, fetched, now } = facts;
  const feed = { ...document.feed, entries: newestOf(document.feed.entries, keep) };
  return {
    ...succeeded(facts, feed.waitMs),
    feed,
    sourceUrl: fetched.finalUrl,
    bodyHash,
    validators: fetched.validators,
    encoding: document.encoding,
    doubtful: document.doubtful,
    bytes: fetched.body?.length ?? 0,
    firstSeen: firstSeen(record, feed.entries, now),
    // Many feeds contain the time they were generated: other bytes, the same content.
    changedAt: sameContent(record.feed, feed) ? record.changedAt : now,
  };
}

function newestOf(entries: readonly ParsedEntry[], keep: number): readonly ParsedEntry[] {
  if (entries.length <= keep) return entries;
  const time = (entry: ParsedEntry) => entry.published ?? entry.updated ?? 0;
  // Sorting is stable: feeds without dates keep their order, which is newest first in all of them.
  return [...entries].sort((a, b) => time(b) - time(a)).slice(0, keep);
}

function sameContent(before: ParsedFeed | undefined, after: ParsedFeed): boolean {
  const said = (feed: ParsedFeed) => JSON.stringify([feed.title, feed.link, feed.entries]);
  return before !== undefined && said(before) === said(after);
}

/** The record after the server, or equal bytes, said that nothing changed. */
export function withoutChange(facts: OutcomeFacts): FeedRecord {
  const { record, fetched } = facts;
  return { ...succeeded(facts, record.feed?.waitMs), validators: fetched.validators ?? record.validators };
}

/** The record after a failure: the last good document stays. */
export function withFailure(facts: OutcomeFacts, error: FetchError): FeedRecord {
  const { record, fetched, now, ms } = facts;
  const failures = record.failures + 1;
  const gone = fetched.status === 410;
  return {
    ...record,
    http: fetched.status,
    lastTry: now,
    failures,
    failure: { code: error.code, message: error.message, since: record.failure?.since ?? now },
    nextTry: afterFailure({ url: record.url, now, failures, retryAfterMs: fetched.retryAfterMs, gone }),
    hostBusyUntil: fetched.retryAfterMs === undefined ? undefined : now + fetched.retryAfterMs,
    // The target of a move that fails is not trusted: the address in planet.ini is asked again.
    moved: undefined,
    ms,
  };
}

function succeeded({ record, fetched, now, ms }: OutcomeFacts, waitMs: number | undefined): FeedRecord {
  return {
    ...record,
    http: fetched.status,
    lastOk: now,
    lastTry: now,
    failures: 0,
    failure: undefined,
    hostBusyUntil: undefined,
    nextTry: afterSuccess(now, [waitMs, fetched.maxAgeMs]),
    moved: movedAfter(record, fetched),
    ms,
  };
}

function movedAfter(record: FeedRecord, fetched: Fetched): FeedRecord["moved"] {
  const known = record.moved;
  // The target was asked directly and answered.
  if (known !== undefined && known.times >= MOVED_AFTER) return known;
  if (fetched.permanentUrl === undefined) return undefined;
  return { url: fetched.permanentUrl, times: known?.url === fetched.permanentUrl ? known.times + 1 : 1 };
}

/**
 * Only entries that appear after the feed was known get a time: on a first run nobody knows when they were written,
 * and all of them would claim to be new. Dates in the future are the exception, their entries are sorted by it.
 */
function firstSeen(record: FeedRecord, entries: readonly ParsedEntry[], now: number): Record<string, number> {
  const before = new Set((record.feed?.entries ?? []).map(entryKey));
  // A Map, because the keys come from feeds.
  const times = new Map<string, number>();
  for (const entry of entries) {
    const key = entryKey(entry);
    const known = Object.hasOwn(record.firstSeen, key) ? record.firstSeen[key] : undefined;
    const isNew = record.feed !== undefined && !before.has(key);
    const isFuture = (entry.published ?? entry.updated ?? 0) > now;
    if (known !== undefined) times.set(key, known);
    else if (isNew || isFuture) times.set(key, now);
  }
  return Object.fromEntries(times);
}
