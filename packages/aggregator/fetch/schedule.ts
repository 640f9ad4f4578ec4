import { createHash } from "node:crypto";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** No feed is fetched more often; what the feed says may only lengthen it. */
const MIN_INTERVAL_MS = 15 * MINUTE_MS;

/** `Retry-After` in seconds or as an HTTP date, between a minute and a day. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (text === "") return undefined;
  // HTTP dates have one fixed form, which Date.parse reads; the zoo of feed dates has its own reader.
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(DAY_MS, Math.max(MINUTE_MS, wait));
}

/** When to look again after a success: the longest of our minimum and what feed and server ask for, at most a day. */
export function afterSuccess(now: number, wishes: readonly (number | undefined)[]): number {
  return now + Math.min(DAY_MS, Math.max(MIN_INTERVAL_MS, ...wishes.map((wish) => wish ?? 0)));
}

/** When to look again after a failure: 15 minutes, doubled with each further failure up to a day, ±10 %. */
export function afterFailure(facts: {
  url: string;
  now: number;
  failures: number;
  retryAfterMs?: number | undefined;
  gone: boolean;
}): number {
  if (facts.gone) return facts.now + DAY_MS;
  const backOff = Math.min(DAY_MS, MIN_INTERVAL_MS * 2 ** Math.min(10, Math.max(0, facts.failures - 1)));
  const jittered = backOff * (0.9 + 0.2 * fraction(`${facts.url} ${facts.failures}`));
  return facts.now + Math.max(Math.round(jittered), facts.retryAfterMs ?? 0);
}

/** Spread without randomness: the same failure of the same feed waits equally long in two runs. */
function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
