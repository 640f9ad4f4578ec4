import { UNDATED } from "./types.ts";

/** So many months are kept, the newest ones; entries without a date are apart. */
const MAX_MONTHS = 240;

/** A month in UTC whatever the planet's zone is, since addresses must not follow a setting. A year of five digits, or before year 0, is no date that an address can have. */
export function monthOf(order: number): string {
  if (!Number.isFinite(order)) return UNDATED;
  return /^\d{4}-\d\d/.exec(new Date(order).toISOString())?.[0] ?? UNDATED;
}

export const isMonth = (name: string): boolean => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(name) || name === UNDATED;

/**
 * Whether a month is older than what is kept. `archiveMonths`: so many with the present one; 0: for ever. Entries without
 * a date never are.
 */
export function isExpired(month: string, archiveMonths: number, now: number): boolean {
  if (archiveMonths === 0 || month === UNDATED) return false;
  const today = new Date(now);
  const oldest = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - archiveMonths + 1);
  return month < monthOf(oldest);
}

/** Those that the archive has room for, newest first, the undated entries at the end. */
export function keptMonths(months: Iterable<string>): string[] {
  const all = new Set(months);
  const hasUndated = all.delete(UNDATED);
  const newest = [...all].sort().reverse().slice(0, MAX_MONTHS);
  return hasUndated ? [...newest, UNDATED] : newest;
}
