import { isRecord } from "@planet/content/json";
import type { ArchiveStore } from "../archive/archiveStore.ts";
import { mergeMonths } from "../archive/mergeMonths.ts";
import { writeMonth } from "../archive/monthFile.ts";
import { isMonth } from "../archive/months.ts";
import type { ArchiveMonth } from "../archive/types.ts";
import type { ReaderPool } from "../build/worker/readerPool.ts";
import { CLOCKS_APART_MS } from "./feedObject.ts";
import type { SharedObject } from "./keepObject.ts";
import { newer, pack, packText, unpack, unpackText, unreadable } from "./packed.ts";

export const INDEX_NAME = "index.json.gz";
const ARCHIVE = "archive/";
const INDEX_SCHEMA = 1;

export const monthName = (month: string): string => `${ARCHIVE}${month}.json.gz`;
/** Undefined for an object of another kind. */
export const monthOfName = (name: string): string | undefined => {
  const month = name.startsWith(ARCHIVE) ? name.slice(ARCHIVE.length, -".json.gz".length) : "";
  return isMonth(month) ? month : undefined;
};

interface MonthSources {
  readonly readers: ReaderPool;
  readonly now: number;
}

/** As a feed's record: in a reader's thread, without what is still to come. @throws {UnreadableObjectError} */
export async function recallMonth(
  bytes: Uint8Array,
  month: string,
  { readers, now }: MonthSources,
): Promise<ArchiveMonth> {
  const text = unpackText(bytes);
  const read = await readers.run<"month">({ kind: "month", month, text }).catch((cause: unknown) => {
    throw unreadable({ cause });
  });
  if (read.kind === "newer") throw newer();
  if (read.kind === "unusable") throw unreadable();
  return { month, entries: read.month.entries.filter(({ at }) => at <= now + CLOCKS_APART_MS) };
}

/** The object of a month. What another server has added to it is taken into this one's archive. */
export function monthObject(month: string, archive: ArchiveStore, sources: MonthSources): SharedObject<ArchiveMonth> {
  return {
    name: monthName(month),
    decode: (bytes) => recallMonth(bytes, month, sources),
    encode: (value) => packText(writeMonth(value)),
    async combine(stored) {
      if (stored !== undefined) await archive.write(mergeMonths(await archive.read(month), stored));
      return archive.read(month);
    },
    isSame: (stored, wanted) => writeMonth(stored) === writeMonth(wanted),
  };
}

/** The object of a month that is too old to be kept: empty. */
export function expiredMonth(month: string, sources: MonthSources): SharedObject<ArchiveMonth> {
  return {
    name: monthName(month),
    decode: (bytes) => recallMonth(bytes, month, sources),
    encode: (value) => packText(writeMonth(value)),
    combine: async () => ({ month, entries: [] }),
    isSame: (stored) => stored.entries.length === 0,
  };
}

/** How many entries each month has: nobody can list the bucket. */
export type MonthCounts = Readonly<Record<string, number>>;

/** @throws {UnreadableObjectError} */
export function recallIndex(bytes: Uint8Array): MonthCounts {
  const value = unpack(bytes, INDEX_SCHEMA);
  if (!isRecord(value) || !isRecord(value.months)) throw unreadable();
  const months = Object.entries(value.months);
  if (!months.every(([month, count]) => isMonth(month) && Number.isSafeInteger(count))) throw unreadable();
  return Object.fromEntries(months) as MonthCounts;
}

/** The list of all months that any server has stored, without those that are too old. */
export function indexObject(own: MonthCounts, isKept: (month: string) => boolean): SharedObject<MonthCounts> {
  const text = (months: MonthCounts) => JSON.stringify(Object.entries(months));
  return {
    name: INDEX_NAME,
    decode: async (bytes) => recallIndex(bytes),
    encode: (months) => pack({ schema: INDEX_SCHEMA, months }),
    async combine(stored = {}) {
      const names = [...new Set([...Object.keys(stored), ...Object.keys(own)])].filter(isKept).sort();
      return Object.fromEntries(names.map((month) => [month, Math.max(stored[month] ?? 0, own[month] ?? 0)]));
    },
    isSame: (stored, wanted) => text(stored) === text(wanted),
  };
}
