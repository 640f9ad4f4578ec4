import { createHash } from "node:crypto";
import { normalisedLink } from "../entry/addresses.ts";
import { type PlaceRules, placeOf } from "../entry/place.ts";
import { type KnownEntry, sightEntries } from "../entry/sighting.ts";
import type { FetchError } from "../fetch/errors.ts";
import type { Fetched } from "../fetch/fetchFeed.ts";
import { afterFailure, afterSuccess } from "../fetch/schedule.ts";
import { WITHDRAWN_LIMIT, withdrawnKey } from "../memory/storedRecord.ts";
import type { ParsedDocument } from "../parse/parseDocument.ts";
import type { ParsedEntry, ParsedFeed, TextConstruct } from "../parse/types.ts";
import type { FeedRecord } from "./feedRecord.ts";

/** Twice what may come out of the sanitiser: markup takes room. */
const MAX_TEXT_LENGTH = 512 * 1024;

/** How many times in a row a permanent redirect must be seen before its target is used directly. */
export const MOVED_AFTER = 3;

/** One attempt: what was known, what came, when, how long it took. */
export interface OutcomeFacts {
  readonly record: FeedRecord;
  readonly fetched: Fetched;
  readonly now: number;
  readonly ms: number;
}

/** How many entries of a feed are kept, and by which rules they are sorted for that. */
export interface KeepRules extends PlaceRules {
  readonly keep: number;
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
  rules: KeepRules,
): FeedRecord {
  const { record, fetched, now } = facts;
  const blog = { home: normalisedLink(document.feed.link ?? record.url), ignored: rules.ignoreInFeed };
  const known = { blog, now, before: record.feed?.entries, wasCut: record.wasCut === true };
  const entries = sightEntries(document.feed.entries.map(cut), known);
  const feed = { ...document.feed, entries: newestOf(entries, rules) };
  return {
    ...succeeded(facts, feed.waitMs),
    feed,
    wholeAt: now,
    withdrawn: withdrawnAfter(record, entries, now),
    wasCut: feed.entries.length < entries.length,
    sourceUrl: fetched.finalUrl,
    bodyHash,
    validators: fetched.validators,
    encoding: document.encoding,
    doubtful: document.doubtful,
    bytes: fetched.body?.length ?? 0,
    // Many feeds contain the time they were generated: other bytes, the same content.
    changedAt: sameContent(record.feed, feed) ? record.changedAt : now,
  };
}

/** What its authors have taken back by now: `entries` has all that is still there, however many may be kept. */
function withdrawnAfter({ feed, withdrawn = [] }: FeedRecord, entries: readonly KnownEntry[], now: number) {
  const present = new Set(entries.map(({ sighting }) => sighting.id));
  const gone = (feed?.entries ?? []).filter(({ sighting }) => !present.has(sighting.id));
  if (gone.length === 0 && withdrawn.length === 0) return undefined;
  const back = new Set([...present].map(withdrawnKey));
  const fresh = gone.map(({ sighting: { id, ...sighting } }) => ({ key: withdrawnKey(id), at: now, sighting }));
  return [...fresh, ...withdrawn.filter(({ key }) => !back.has(key))].slice(0, WITHDRAWN_LIMIT);
}

/** More of a text is never shown. It is cut here, so that texts are compared as they are kept. */
function cut(entry: ParsedEntry): ParsedEntry {
  const content = shortened(entry.content);
  const summary = shortened(entry.summary);
  return { ...entry, ...(content && { content }), ...(summary && { summary }) };
}

function shortened(text: TextConstruct | undefined): TextConstruct | undefined {
  if (text === undefined || text.value.length <= MAX_TEXT_LENGTH) return text;
  return { ...text, value: text.value.slice(0, MAX_TEXT_LENGTH) };
}

/** As many as may be kept, in the order that they have. */
function newestOf(entries: readonly KnownEntry[], rules: KeepRules): readonly KnownEntry[] {
  if (entries.length <= rules.keep) return entries;
  const order = new Map(entries.map((entry) => [entry, placeOf(entry.sighting, rules).order]));
  // Sorting is stable: undated entries keep their order, which is newest first in nearly all feeds.
  const byOrder = [...entries].sort((a, b) => compare(order.get(b), order.get(a)));
  const kept = new Set(byOrder.slice(0, rules.keep));
  return entries.filter((entry) => kept.has(entry));
}

/** Infinities have no difference. */
const compare = (a = 0, b = 0) => (a === b ? 0 : a < b ? -1 : 1);

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
