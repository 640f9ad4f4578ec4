import type { Entry } from "../entry/types.ts";
import { anchorOf } from "../render/addresses.ts";
import type { ArchiveStore } from "./archiveStore.ts";
import { monthOf } from "./months.ts";
import { type ArchivedEntry, type ArchiveMonth, isShown } from "./types.ts";

/** Entries on one page. */
const PART_SIZE = 1_000;

export const ARCHIVE = "archive/index.html";

/** A page of the archive: a month, or a part of a very busy one. */
export interface ArchivePart {
  readonly address: string;
  /** `2026-11`, or `undated`. */
  readonly month: string;
  /** From 1, the oldest. */
  readonly part: number;
  /** Of its entries. */
  readonly count: number;
}

/** Where feeds stand in planet.ini, by key. */
export type Places = ReadonlyMap<string, number>;

/**
 * All pages, newest first. Parts are counted from the oldest entry, so new entries change the last part only.
 * @param months how many entries each has, newest first.
 */
export function partsOf(months: ReadonlyMap<string, { readonly count: number }>): ArchivePart[] {
  return [...months].flatMap(([month, { count }]) => {
    const parts = Math.ceil(count / PART_SIZE);
    return Array.from({ length: parts }, (_, index) => {
      const part = parts - index;
      return {
        address: addressOf(month, part),
        month,
        part,
        count: Math.min(PART_SIZE, count - (part - 1) * PART_SIZE),
      };
    });
  });
}

const addressOf = (month: string, part: number): string => `archive/${month}${part === 1 ? "" : `-part-${part}`}.html`;

/** The entries of a month in their order, newest first. */
export type SortedMonth = (month: string) => Promise<readonly ArchivedEntry[]>;

/** Keeps the month that was asked for last: a busy one has many pages, which come one after the other. */
export function sortedMonths(store: Pick<ArchiveStore, "read">, places: Places): SortedMonth {
  let last: { readonly month: string; readonly entries: Promise<readonly ArchivedEntry[]> } | undefined;
  return (month) => {
    if (last?.month !== month) last = { month, entries: store.read(month).then((read) => inOrder(read, places)) };
    return last.entries;
  };
}

/** The entries of a page, newest first. @param sorted those of its month */
export function entriesOf({ part, count }: ArchivePart, sorted: readonly ArchivedEntry[]): ArchivedEntry[] {
  const end = sorted.length - (part - 1) * PART_SIZE;
  return sorted.slice(Math.max(0, end - count), end);
}

/** As on the front page (`byOrder`). Feeds that planet.ini no longer has come last. */
function inOrder({ entries }: ArchiveMonth, places: Places): ArchivedEntry[] {
  const placeOf = ({ feed }: ArchivedEntry) => places.get(feed) ?? places.size;
  return entries.filter(isShown).sort((a, b) => {
    if (a.order !== b.order) return a.order > b.order ? -1 : 1;
    return (
      placeOf(a) - placeOf(b) || (a.feed < b.feed ? -1 : a.feed > b.feed ? 1 : b.seen - a.seen || a.index - b.index)
    );
  });
}

/** Where each of these entries stands for good, by its id: `archive/2026-11.html#e-…`. */
export async function permalinksOf(
  entries: readonly Entry[],
  months: ArchiveStore["months"],
  sorted: SortedMonth,
): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>();
  const busy = new Set<string>();
  for (const { id, order } of entries) {
    const month = monthOf(order);
    const count = months.get(month)?.count ?? 0;
    if (count > PART_SIZE) busy.add(month);
    else if (count > 0) links.set(id, `${addressOf(month, 1)}#${anchorOf(id)}`);
  }
  for (const month of busy) {
    const oldestFirst = [...(await sorted(month))].reverse();
    for (const [index, { id }] of oldestFirst.entries())
      links.set(id, `${addressOf(month, Math.floor(index / PART_SIZE) + 1)}#${anchorOf(id)}`);
  }
  return links;
}
