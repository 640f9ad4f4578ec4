import { isRecord } from "@planet/content/json";
import type { FailureCode } from "../fetch/errors.ts";
import type { StoredAttempt, StoredDocument, StoredEntry, StoredRecord } from "./storedRecord.ts";

/*
 * Reads what a bucket says that a server has stored. Whoever has the permit may have written it, so every field is checked;
 * unknown ones are left out. The order of fields stays: a document is known as unchanged by its bytes.
 */

const TEXT_LIMIT = 600 * 1024;
const WORD_LIMIT = 16 * 1024;
const LIST_LIMIT = 2_000;
/** Of a Date. */
const TIME_LIMIT = 8.64e15;

/** Says which field is wrong, never what is in it. */
export class StoredFormError extends Error {
  readonly code = "STORED_FORM";
}

type Read = (value: unknown) => unknown;
interface Shape {
  readonly needed?: Readonly<Record<string, Read>>;
  readonly optional?: Readonly<Record<string, Read>>;
}

const refuse = (what: string): never => {
  throw new StoredFormError(`it is not ${what}`);
};

const text =
  (limit = WORD_LIMIT): Read =>
  (value) =>
    typeof value === "string" && value.length <= limit ? value : refuse("a text of that length");
const word = text();
const matching =
  (pattern: RegExp): Read =>
  (value) =>
    typeof value === "string" && pattern.test(value) ? value : refuse("a text of that kind");
const hash = matching(/^[0-9a-f]{64}$/);
const oneOf =
  (...words: readonly unknown[]): Read =>
  (value) =>
    words.includes(value) ? value : refuse("one of the words");
const yesNo = oneOf(true, false);
const time: Read = (value) => (typeof value === "number" && Math.abs(value) <= TIME_LIMIT ? value : refuse("a time"));
const count: Read = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? value : refuse("a number"));
const amount: Read = (value) => (typeof value === "number" && value >= 0 ? value : refuse("a number"));
/** Absolute, of the web, without a password: what the parser promises. */
const address: Read = (value) => {
  if (typeof value !== "string" || value.length > WORD_LIMIT || !/^https?:\/\//i.test(value) || !URL.canParse(value))
    return refuse("an address of the web");
  const { username, password } = new URL(value);
  return username === "" && password === "" ? value : refuse("an address without a password");
};
const listOf =
  (read: Read, limit = LIST_LIMIT): Read =>
  (value) =>
    Array.isArray(value) && value.length <= limit ? value.map(read) : refuse("a list of that length");
function object({ needed = {}, optional = {} }: Shape): Read {
  const readers = new Map(Object.entries({ ...optional, ...needed }));
  const names = Object.keys(needed);
  return (value) => {
    if (!isRecord(value)) return refuse("an object");
    if (!names.every((name) => Object.hasOwn(value, name))) return refuse("whole");
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, field]) => {
        const read = readers.get(name);
        return read === undefined ? [] : [[name, read(field)]];
      }),
    );
  };
}

const construct = object({
  needed: { kind: oneOf("text", "html"), value: text(TEXT_LIMIT) },
  optional: { base: address },
});
const dates = { seen: time, late: yesNo, index: count };
const laterDates = { published: time, updated: time, newestThen: time };

const parsed = object({
  needed: {
    categories: listOf(word),
    enclosures: listOf(object({ needed: { url: address }, optional: { type: word, length: amount } })),
  },
  optional: {
    ...{ id: word, link: address, title: construct, content: construct, summary: construct },
    ...{ author: word, authors: listOf(word), authorUri: address, published: time, updated: time },
    pictures: listOf(object({ needed: { url: address }, optional: { alt: word, isPreview: yesNo } })),
    ...{ image: address, comments: address, language: word, rights: word, sourceTitle: word, sourceLink: address },
  },
});

const entry = object({
  needed: {
    sighting: object({ needed: { id: word, ...dates }, optional: laterDates }),
    at: time,
    position: count,
    parsed,
  },
});

const feed = object({
  needed: { format: oneOf("rss", "atom", "rdf", "json", "opml"), repaired: yesNo },
  optional: {
    ...{ id: word, title: construct, subtitle: construct, link: address, selfLink: address, author: word },
    ...{ language: word, rights: word, icon: address, updated: time, waitMs: amount, skipped: count },
    outlines: listOf(object({ needed: { url: address, name: word }, optional: { link: address } })),
  },
});

const document = object({
  needed: { lastOk: time, parser: count, filters: hash, feed, bytes: count },
  optional: {
    ...{ changedAt: time, sourceUrl: address, bodyHash: hash, encoding: word, doubtful: yesNo },
    validators: object({ needed: { url: address }, optional: { etag: word, lastModified: word } }),
  },
});

const CODES: Readonly<Record<FailureCode, true>> = {
  ...{ dns: true, tls: true, connect: true, timeout: true, http: true, "too-big": true, "not-feed": true, parse: true },
  ...{ encoding: true, "blocked-address": true, redirects: true, worker: true, "own-feed": true, "bad-url": true },
};

const attempt = object({
  needed: { lastTry: time, failures: count },
  optional: {
    ...{ nextTry: time, hostBusyUntil: time, http: count },
    failure: object({ needed: { code: oneOf(...Object.keys(CODES)), since: time } }),
    moved: object({ needed: { url: address, times: count } }),
  },
});

const withdrawn = object({
  needed: { key: hash, at: time, sighting: object({ needed: dates, optional: laterDates }) },
});

const record = object({
  needed: { schema: oneOf(1), url: address, entries: listOf(entry), withdrawn: listOf(withdrawn), wasCut: yesNo },
  optional: { document, attempt },
});

/** @throws {StoredFormError} */
export const readEntry = (value: unknown): StoredEntry => entry(value) as StoredEntry;
/** @throws {StoredFormError} */
export const readDocument = (value: unknown): StoredDocument => document(value) as StoredDocument;
/** @throws {StoredFormError} */
export const readAttempt = (value: unknown): StoredAttempt => attempt(value) as StoredAttempt;

/** A whole object's content. @throws {StoredFormError} */
export const readStoredRecord = (value: unknown): StoredRecord => record(value) as StoredRecord;
