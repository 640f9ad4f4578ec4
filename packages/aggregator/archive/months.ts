import { UNDATED } from "./types.ts";

/** So many months have room, the newest ones: a hundred years. Entries without a date are apart. */
const MAX_MONTHS = 1_200;
/** Clocks of servers may differ by so much. */
const CLOCK_MS = 86_400_000;

/**
 * A month in UTC whatever the planet's zone is, since addresses must not follow a setting. A year of five digits, or before
 * year 0, is no date that an address can have.
 */
export function monthOf(order: number): string {
  if (!Number.isFinite(order)) return UNDATED;
  return /^\d{4}-\d\d/.exec(new Date(order).toISOString())?.[0] ?? UNDATED;
}

export const isMonth = (name: string): boolean => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(name) || name === UNDATED;

/** What the archive keeps, as planet:archiveMonths says. */
export interface ArchiveRules {
  /** So many months with the present one; 0: for ever. */
  readonly archiveMonths: number;
  readonly now: number;
}

/** Whether a month is neither too old nor still to come, which only somebody's wrong clock or bad will can make. */
export function isKept(month: string, { archiveMonths, now }: ArchiveRules): boolean {
  if (month === UNDATED) return true;
  return month <= monthOf(now + CLOCK_MS) && !isExpired(month, { archiveMonths, now });
}

/** Whether a month is too old to be kept. */
export function isExpired(month: string, { archiveMonths, now }: ArchiveRules): boolean {
  if (month === UNDATED || archiveMonths === 0) return false;
  const today = new Date(now);
  return month < monthOf(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - archiveMonths + 1));
}

/** Those that there is room for, newest first, the undated entries at the end. */
export function newestMonths(months: Iterable<string>): string[] {
  const all = new Set(months);
  const hasUndated = all.delete(UNDATED);
  const newest = [...all].sort().reverse().slice(0, MAX_MONTHS);
  return hasUndated ? [...newest, UNDATED] : newest;
}

/** The same of those that are kept at all: others take no room. */
export const keptMonths = (months: Iterable<string>, rules: ArchiveRules): string[] =>
  newestMonths([...months].filter((month) => isKept(month, rules)));
