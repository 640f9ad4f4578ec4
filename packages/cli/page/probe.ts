import { readStatusJson } from "@planet/content";
import { httpGet, PAGE_LIMIT_BYTES } from "@planet/content/httpGet";
import { messageOf } from "@planet/errors";

export interface ProbeReport {
  readonly requests: number;
  readonly failed: number;
  /** The first ones, one line each: when, and what went wrong. */
  readonly failures: readonly string[];
  readonly slowestMs: number;
  /** The longest time without an answer to anybody, from the probe's start to its end. */
  readonly longestGapMs: number;
  /** Servers that answered, by release, in the order of their first answer. */
  readonly releases: readonly string[];
  /** When each of them answered first, in ms after the probe's start. */
  readonly firstAnswersMs: readonly number[];
}

export interface Probe {
  /** Ends the probe and waits for the requests under way. */
  stop(): Promise<ProbeReport>;
  report(): ProbeReport;
}

/** @returns the release that the answer names; rejects unless it came whole and with 200. */
export type AskOnce = (url: string) => Promise<string | undefined>;

/** A reader gives up after this long; it also bounds the requests under way. */
const PATIENCE_MS = 10_000;
/** More would say nothing new. */
const KEPT_FAILURES = 20;

/**
 * Asks for `url` at a fixed rate, each time over a new connection and without waiting for the answer before,
 * as separate readers do. Every answer that is not a whole 200 with a body is a failure.
 */
export function startProbe(url: string, requestsPerSecond: number, ask: AskOnce = askOnce): Probe {
  const begin = performance.now();
  const since = () => performance.now() - begin;
  const pending = new Set<Promise<void>>();
  const failures: string[] = [];
  const firstAnswers = new Map<string, number>();
  let requests = 0;
  let failed = 0;
  let slowestMs = 0;
  let lastAnswerMs = 0;
  let longestGapMs = 0;
  let endMs: number | undefined;

  const answered = (release: string | undefined) => {
    const at = since();
    longestGapMs = Math.max(longestGapMs, at - lastAnswerMs);
    lastAnswerMs = at;
    if (release !== undefined && !firstAnswers.has(release)) firstAnswers.set(release, at);
  };
  const lost = (asked: Date, error: unknown) => {
    failed += 1;
    if (failures.length < KEPT_FAILURES) failures.push(`${asked.toISOString()} ${messageOf(error)}`);
  };

  const askNow = () => {
    const [asked, askedMs] = [new Date(), since()];
    requests += 1;
    const request = ask(url)
      .then(answered, (error: unknown) => lost(asked, error))
      .then(() => {
        slowestMs = Math.max(slowestMs, since() - askedMs);
        pending.delete(request);
      });
    pending.add(request);
  };
  // Timers come late, the more so on a busy machine: whatever is due is asked, so that the rate holds.
  const timer = setInterval(() => {
    while (requests < (since() * requestsPerSecond) / 1000) askNow();
  }, 1000 / requestsPerSecond);

  const report = (): ProbeReport => ({
    requests,
    failed,
    failures: [...failures],
    slowestMs,
    longestGapMs: Math.max(longestGapMs, (endMs ?? since()) - lastAnswerMs),
    releases: [...firstAnswers.keys()],
    firstAnswersMs: [...firstAnswers.values()],
  });
  return {
    report,
    async stop() {
      clearInterval(timer);
      endMs ??= since();
      await Promise.all(pending);
      return report();
    },
  };
}

/** One request over its own connection. */
async function askOnce(url: string): Promise<string | undefined> {
  const { status, body } = await httpGet(url, { timeoutMs: PATIENCE_MS, limitBytes: PAGE_LIMIT_BYTES });
  if (status !== 200) throw new Error(`status ${status}`);
  if (body.length === 0) throw new Error("empty body");
  return readStatusJson(body.toString())?.release;
}
