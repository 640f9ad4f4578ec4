import type { OrderRecord } from "@planet/content";

const HOUR_MS = 3_600_000;
/** Between two orders, whatever became of the first. */
const SHORTEST_PAUSE_MS = HOUR_MS;
/** A planet whose name is lost must not ask an authority each hour for months. */
const LONGEST_PAUSE_MS = 12 * HOUR_MS;
const JITTER_MS = HOUR_MS / 6;
/** An authority's longest rate limit is a week. Whatever says more is wrong, and everybody with the permit can write it. */
const LONGEST_LIMIT_MS = 8 * 24 * HOUR_MS;

/** Until when no order may follow; undefined when one may. */
export function blockedUntil(record: OrderRecord | undefined, now: Date): Date | undefined {
  const until = new Date(record?.notBefore ?? 0);
  return until > now && until.getTime() - now.getTime() <= LONGEST_LIMIT_MS ? until : undefined;
}

/**
 * When the next order may come after one that failed: after each failure in a row the pause is twice as long; or when the authority
 * says so, if that is later.
 * @param chance From 0 to 1.
 */
export function afterFailure(
  before: OrderRecord | undefined,
  { now, retryAt, chance }: { readonly now: Date; readonly retryAt: Date | undefined; readonly chance: number },
): Date {
  const pause = before?.result === "failed" ? 2 * (Date.parse(before.notBefore) - Date.parse(before.time)) : 0;
  const bounded = Math.min(Math.max(pause, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS) + chance * JITTER_MS;
  const limit = Math.min(retryAt?.getTime() ?? 0, now.getTime() + LONGEST_LIMIT_MS);
  return new Date(Math.max(now.getTime() + bounded, limit));
}

export const afterOrder = (now: Date): Date => new Date(now.getTime() + SHORTEST_PAUSE_MS);
