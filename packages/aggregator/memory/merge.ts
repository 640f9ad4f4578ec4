import { sha256Of } from "@planet/content";
import { type PlaceRules, placeOf } from "../entry/place.ts";
import { ownDate, type Sighting } from "../entry/sighting.ts";
import { type StoredEntry, type StoredRecord, WITHDRAWN_LIMIT, type Withdrawn, withdrawnKey } from "./storedRecord.ts";

/** How many entries a feed keeps, and by which rules they are sorted for that. */
export interface JoinRules extends PlaceRules {
  readonly keep: number;
}

/**
 * What two servers know of a feed, together: a join (commutative, associative, idempotent), so that it does not matter who
 * writes first, or how often. Of an entry the earliest sighting counts, and the text of whoever saw it last; of the feed the
 * last document and the last attempt. Nothing is lost below the limit.
 */
export function joinRecords(a: StoredRecord, b: StoredRecord, rules: JoinRules): StoredRecord {
  const found = new Map<string, Known>();
  for (const { entries, withdrawn } of [a, b]) {
    for (const { sighting, ...version } of entries) {
      const { id, ...first } = sighting;
      add(found, withdrawnKey(id), { id, sighting: first, version });
    }
    for (const { key, at, sighting } of withdrawn) add(found, key, { sighting, withdrawnAt: at });
  }
  const document = latest(a.document, b.document, ({ lastOk }) => lastOk);
  const attempt = latest(a.attempt, b.attempt, ({ lastTry }) => lastTry);
  const living = [...found.values()].flatMap(entryOf);
  const entries = newestOf(living, rules);
  return {
    schema: a.schema,
    url: a.url,
    ...(document && { document }),
    ...(attempt && { attempt }),
    entries: entries.sort(inDocumentOrder(document?.lastOk)),
    withdrawn: [...found].flatMap(withdrawnOf).sort(byTime).slice(0, WITHDRAWN_LIMIT),
    wasCut: a.wasCut || b.wasCut || entries.length < living.length,
  };
}

/** A feed that nothing is known of: joined with it, a record stays as it is. */
export const nothingOf = ({ schema, url }: Pick<StoredRecord, "schema" | "url">): StoredRecord => {
  return { schema, url, entries: [], withdrawn: [], wasCut: false };
};

type First = Omit<Sighting, "id">;
type Version = Omit<StoredEntry, "sighting">;

/** What is known of one entry, each part joined for itself. */
interface Known {
  /** Absent where it is only known as withdrawn. */
  readonly id?: string | undefined;
  readonly sighting: First;
  readonly version?: Version | undefined;
  readonly withdrawnAt?: number | undefined;
}

function add(found: Map<string, Known>, key: string, next: Known): void {
  const known = found.get(key);
  found.set(key, known === undefined ? next : joined(known, next));
}

const joined = (a: Known, b: Known): Known => ({
  id: a.id ?? b.id,
  sighting: earlier(a.sighting, b.sighting),
  version: latest(a.version, b.version, ({ at }) => at),
  withdrawnAt: latest(a.withdrawnAt, b.withdrawnAt, (at) => at),
});

/** What was there last; of two of one time always the same one. */
function latest<Value>(
  a: Value | undefined,
  b: Value | undefined,
  timeOf: (value: Value) => number,
): Value | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  if (timeOf(a) !== timeOf(b)) return timeOf(a) > timeOf(b) ? a : b;
  return textOf(a) >= textOf(b) ? a : b;
}

/** The first sighting; of two of one time the one with a date, and always the same one. */
function earlier(a: First, b: First): First {
  if (a.seen !== b.seen) return a.seen < b.seen ? a : b;
  const [isDated, isOtherDated] = [ownDate(a) !== undefined, ownDate(b) !== undefined];
  if (isDated !== isOtherDated) return isDated ? a : b;
  return factsOf(a) <= factsOf(b) ? a : b;
}

const factsOf = ({ late, index, published, updated, newestThen }: First): string =>
  JSON.stringify([late, index, published, updated, newestThen]);

const textOf = (value: unknown): string => JSON.stringify(value);

/** It lives if a document had it after its author took it back. */
const isLiving = ({ withdrawnAt, version }: Known): boolean =>
  version !== undefined && (withdrawnAt === undefined || version.at > withdrawnAt);

function entryOf(known: Known): StoredEntry[] {
  const { id, sighting, version } = known;
  return id !== undefined && version !== undefined && isLiving(known)
    ? [{ sighting: { id, ...sighting }, ...version }]
    : [];
}

function withdrawnOf([key, known]: readonly [string, Known]): Withdrawn[] {
  const { sighting, withdrawnAt: at } = known;
  return at === undefined || isLiving(known) ? [] : [{ key, at, sighting }];
}

const byTime = (a: Withdrawn, b: Withdrawn): number => b.at - a.at || (a.key < b.key ? -1 : 1);

/** As many as may be kept, by their places on the page. */
function newestOf(entries: StoredEntry[], rules: JoinRules): StoredEntry[] {
  if (entries.length <= rules.keep) return entries;
  const placed = entries.map((entry) => ({ entry, order: placeOf(entry.sighting, rules).order }));
  placed.sort(
    (a, b) => compare(b.order, a.order) || b.entry.sighting.seen - a.entry.sighting.seen || byId(a.entry, b.entry),
  );
  return placed.slice(0, rules.keep).map(({ entry }) => entry);
}

/** First what the last document had, in its order; then what went before, the last to go first. */
function inDocumentOrder(lastOk: number | undefined): (a: StoredEntry, b: StoredEntry) => number {
  const listed = ({ at }: StoredEntry) => (at === lastOk ? 0 : 1);
  return (a, b) => listed(a) - listed(b) || b.at - a.at || a.position - b.position || byId(a, b);
}

/** Infinities have no difference. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
const byId = (a: StoredEntry, b: StoredEntry): number => (a.sighting.id < b.sighting.id ? -1 : 1);

/**
 * What a record says, without what every attempt changes: two of one kind need no writing. Times of attempts go with the next
 * change, and with each attempt that failed or succeeded after others.
 */
export function materialOf({ document, attempt, entries, withdrawn, wasCut }: StoredRecord): string {
  const { lastOk, validators: _validators, bodyHash: _hash, bytes: _bytes, ...said } = document ?? {};
  const { lastTry: _try, nextTry: _next, hostBusyUntil: _busy, ...fared } = attempt ?? {};
  const listed = entries.map(({ at, position, ...entry }) => ({ ...entry, position: at === lastOk ? position : -1 }));
  return sha256Of(JSON.stringify([said, fared, listed, withdrawn, wasCut]));
}
