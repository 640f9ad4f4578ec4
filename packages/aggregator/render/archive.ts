import type { Entry } from "../entry/types.ts";
import { anchorOf } from "./addresses.ts";

/** So many months have pages, the newest ones; entries without a date have one more. */
const MAX_MONTHS = 240;
/** Entries on one page. */
const PART_SIZE = 1_000;

export const ARCHIVE = "archive/index.html";

/** A page of the archive: a month, or a part of a very busy one. */
export interface ArchivePart {
  readonly address: string;
  /** `2026-11`, in UTC whatever the planet's zone is, since addresses must not follow a setting; empty without a date. */
  readonly month: string;
  /** From 1, the oldest. */
  readonly part: number;
  /** Newest first. */
  readonly entries: readonly Entry[];
}

/**
 * The archive of all entries in their order (`inOrder`), newest page first. Each entry is on one page, and its month
 * never changes. Parts are counted from the oldest entry, so new entries change the last part only.
 */
export function archiveOf(sorted: readonly Entry[]): ArchivePart[] {
  const months = new Map<string, Entry[]>();
  for (const entry of sorted) {
    const month = monthOf(entry);
    const known = months.get(month);
    if (known !== undefined) known.push(entry);
    else if (month === "" || months.size < MAX_MONTHS) months.set(month, [entry]);
  }
  const undated = months.get("");
  months.delete("");
  return [...months, ...(undated === undefined ? [] : ([["", undated]] as const))].flatMap(partsOf);
}

function partsOf([month, entries]: readonly [month: string, entries: readonly Entry[]]): ArchivePart[] {
  const count = Math.ceil(entries.length / PART_SIZE);
  return Array.from({ length: count }, (_, index) => {
    const part = count - index;
    const end = entries.length - (part - 1) * PART_SIZE;
    const name = `${month || "undated"}${part === 1 ? "" : `-part-${part}`}`;
    return { address: `archive/${name}.html`, month, part, entries: entries.slice(Math.max(0, end - PART_SIZE), end) };
  });
}

/** Where each entry stands for good, by its id: `archive/2026-11.html#e-…`. */
export function permalinksOf(parts: readonly ArchivePart[]): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const { address, entries } of parts) for (const { id } of entries) links.set(id, `${address}#${anchorOf(id)}`);
  return links;
}

/** A year of five digits, or before year 0, is no date that an address can have. */
function monthOf({ order }: Entry): string {
  if (!Number.isFinite(order)) return "";
  return /^\d{4}-\d\d/.exec(new Date(order).toISOString())?.[0] ?? "";
}
