import { type FeedConfig, sha256Of } from "@planet/content";
import type { FeedRecord } from "../build/feedRecord.ts";
import type { KnownEntry, Sighting } from "../entry/sighting.ts";
import type { FailureCode } from "../fetch/errors.ts";
import type { Validators } from "../fetch/fetchFeed.ts";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { insideHosts } from "./insideHosts.ts";
import { readAttempt, readDocument, readEntry } from "./readStored.ts";

/**
 * What the bucket keeps of one feed: `<prefix>feeds/<hash>.json.gz`. Times are epoch ms. It never holds the text of an error
 * or of an entry that a filter holds back, a password of an address, or the address of a host inside the cloud.
 */
export interface StoredRecord {
  readonly schema: typeof STORED_SCHEMA;
  /** The feed's address as it may be published. */
  readonly url: string;
  /** The last document that was read. */
  readonly document?: StoredDocument | undefined;
  /** The last time that the feed was asked. */
  readonly attempt?: StoredAttempt | undefined;
  /** Those of the last document first, in its order. */
  readonly entries: readonly StoredEntry[];
  readonly withdrawn: readonly Withdrawn[];
  /** A document had more entries than are kept. */
  readonly wasCut: boolean;
}

export const STORED_SCHEMA = 1;

export interface StoredDocument {
  readonly lastOk: number;
  readonly changedAt?: number | undefined;
  /** `parser` of the record. */
  readonly parser: number;
  /** {@link filtersOf} the feed when it was stored. */
  readonly filters: string;
  readonly feed: Omit<ParsedFeed, "entries">;
  /** Absent where it is the feed's own address. */
  readonly sourceUrl?: string | undefined;
  readonly bodyHash?: string | undefined;
  readonly validators?: Validators | undefined;
  readonly encoding?: string | undefined;
  readonly doubtful?: boolean | undefined;
  readonly bytes: number;
}

export interface StoredAttempt {
  readonly lastTry: number;
  readonly nextTry?: number | undefined;
  readonly hostBusyUntil?: number | undefined;
  readonly http?: number | undefined;
  readonly failures: number;
  readonly failure?: { readonly code: FailureCode; readonly since: number } | undefined;
  readonly moved?: { readonly url: string; readonly times: number } | undefined;
}

export interface StoredEntry {
  readonly sighting: Sighting;
  /** When a document had it last, as far as is known. */
  readonly at: number;
  /** Its place in the record then, from 0. */
  readonly position: number;
  /** As its feed gave it: to be sanitised as any entry. */
  readonly parsed: ParsedEntry;
}

/** An entry that its author has taken back: without it the next merge would bring it back. */
export interface Withdrawn {
  /** Hash of its id: {@link withdrawnKey}. */
  readonly key: string;
  readonly at: number;
  /** Should its author publish it again, it stands where it stood. */
  readonly sighting: Omit<Sighting, "id">;
}

/** Newest first to go last. */
export const WITHDRAWN_LIMIT = 100;

export const withdrawnKey = (sightingId: string): string => sha256Of(sightingId);

/** Name of a feed's object below the prefix. A password in the address is no part of it: a hash can be guessed. */
export const recordName = (url: string): string => `feeds/${sha256Of(withoutPasswords(url))}.json.gz`;

/** Settings that decide which entries are held back. With others, the whole document has to be read again. */
export function filtersOf({ filter, exclude, futureDates }: FeedConfig): string {
  return sha256Of(JSON.stringify([filter ?? "", exclude ?? "", futureDates]));
}

interface StoringRules {
  /** By the id of its sighting: whether the entry may be on a page. */
  readonly mayShow: (id: string) => boolean;
  readonly filters: string;
  readonly allowHosts: readonly string[];
}

/** Undefined for a feed that was never asked, or whose document no reader would take back. */
export function storedForm(
  record: FeedRecord,
  { mayShow, filters, allowHosts }: StoringRules,
): StoredRecord | undefined {
  if (record.lastTry === undefined) return undefined;
  const hide = withoutLogins([record.url, record.sourceUrl, record.validators?.url, record.moved?.url]);
  const isInside = insideHosts(allowHosts);
  const ownHost = hostOf(record.url);
  const isPublic = (address: string) => hostOf(address) === ownHost || !isInside(address);
  try {
    const document = hide(documentOf(record, filters, isPublic));
    return {
      schema: STORED_SCHEMA,
      url: withoutPasswords(record.url),
      ...(document && { document: readDocument(document) }),
      attempt: readAttempt(hide(attemptOf(record, record.lastTry, isPublic))),
      entries: (record.feed?.entries ?? []).flatMap((entry, position) => {
        if (!mayShow(entry.sighting.id)) return [];
        return readable(hide(entryOf(entry, position, record.lastOk)));
      }),
      withdrawn: (record.withdrawn ?? []).slice(0, WITHDRAWN_LIMIT),
      wasCut: record.wasCut === true,
    };
  } catch {
    return undefined;
  }
}

function documentOf(
  { feed, lastOk, changedAt, parser, sourceUrl, bodyHash, validators, encoding, doubtful, bytes, url }: FeedRecord,
  filters: string,
  isPublic: (address: string) => boolean,
): StoredDocument | undefined {
  if (feed === undefined || lastOk === undefined) return undefined;
  const { entries: _entries, ...said } = feed;
  const isKept = sourceUrl !== url && isPublic(sourceUrl);
  return plain({
    ...{ lastOk, changedAt, parser, filters, feed: said },
    sourceUrl: isKept ? withoutPasswords(sourceUrl) : undefined,
    bodyHash,
    validators: validators !== undefined && isPublic(validators.url) ? publicly(validators) : undefined,
    ...{ encoding, doubtful, bytes },
  });
}

/** Without what was never said, or is no number: so it comes back from JSON. */
const plain = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_key, each: unknown) => each ?? undefined) as Value;

const publicly = (validators: Validators): Validators => ({ ...validators, url: withoutPasswords(validators.url) });

function attemptOf(
  { nextTry, hostBusyUntil, http, failures, failure, moved }: FeedRecord,
  lastTry: number,
  isPublic: (address: string) => boolean,
): StoredAttempt {
  return plain({
    ...{ lastTry, nextTry, hostBusyUntil, failures },
    // Of a success it is 200 or 304 in turn.
    http: failure && http,
    failure: failure && { code: failure.code, since: failure.since },
    moved: moved !== undefined && isPublic(moved.url) ? { ...moved, url: withoutPasswords(moved.url) } : undefined,
  });
}

function entryOf(known: KnownEntry, position: number, lastOk = 0): StoredEntry {
  const { sighting, opening: _opening, teaser: _teaser, listed, ...parsed } = known;
  return plain({ sighting, at: listed ? lastOk : sighting.seen, position, parsed });
}

/** What our own reader would refuse is not written: one such entry would make the whole object unreadable. */
function readable(entry: StoredEntry): StoredEntry[] {
  try {
    return [readEntry(entry)];
  } catch {
    return [];
  }
}

/** Takes the user names and passwords of these addresses out of every text: relative links are made from them. */
function withoutLogins(addresses: readonly (string | undefined)[]): <Value>(value: Value) => Value {
  const logins = addresses.flatMap((address) => /^[^/]*\/\/([^/?#]*@)/.exec(address ?? "")?.[1] ?? []);
  if (logins.length === 0) return (value) => value;
  const cleaned = (text: string) => logins.reduce((rest, login) => rest.replaceAll(login, ""), text);
  return <Value>(value: Value): Value =>
    value === undefined
      ? value
      : JSON.parse(JSON.stringify(value), (_key, each: unknown) => (typeof each === "string" ? cleaned(each) : each));
}

const hostOf = (address: string) => (URL.canParse(address) ? new URL(address).host : address);
