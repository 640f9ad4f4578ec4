import type { Repetition } from "../calls.ts";
import type { CloudClock } from "../clock.ts";
import { CloudError, FOREIGN_ANSWER } from "../cloudError.ts";
import type { Manner } from "../connection.ts";
import { isAmbiguous, isNotDone } from "../outcome.ts";
import { realPace } from "./pace.ts";
import { isPermanent } from "./transportError.ts";

/** What is asked, for those who repeat and those who report. */
export interface Question {
  readonly action: string;
  /** Of the service. */
  readonly url: string;
  readonly repetition: Repetition;
  /** What a policy has to allow: `ec2:RunInstances`. */
  readonly permission?: string | undefined;
}

/** One of the tries of a call. */
export interface Try {
  /** Counted from 1. */
  readonly attempt: number;
  readonly timeoutMs: number;
}

const PATIENCE_MS = 60_000;
const READ_TIMEOUT_MS = 20_000;
/** Writes are asked once, and a busy cloud needs its time for them. */
const WRITE_TIMEOUT_MS = 60_000;
const REPORT_EVERY_MS = 10_000;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;
/** Eucalyptus answers 500 to many mistakes of the caller, and a passing fault passes soon. */
const REPEATS_OF_A_FAULT = 2;

/**
 * Makes a call: once more after a refusal that taught us the cloud's clock, and again after an end that the call's
 * {@link Repetition} and the cloud's words allow, with exponential waits and full jitter, for a minute in all.
 */
export async function repeated<T>(
  manner: Manner & { readonly clock?: CloudClock },
  question: Question,
  tryOnce: (of: Try) => Promise<T>,
): Promise<T> {
  const { pace = realPace, patienceMs = PATIENCE_MS, cancelled, clock, onWait } = manner;
  const timeoutMs = manner.timeoutMs ?? (question.repetition === "read" ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS);
  const started = pace.now();
  let clockLearned = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await reportingSilence(manner, question, () => tryOnce({ attempt, timeoutMs }));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!clockLearned && clock?.learnFrom(error)) {
        clockLearned = true;
        continue;
      }
      if (!mayRepeat(error, question.repetition, attempt) || cancelled?.aborted) throw error;
      const waitMs = waitBefore(attempt, pace.random());
      if (pace.now() - started + waitMs >= patienceMs) throw error;
      onWait?.(
        `${error.action}: ${error.detail}; asking again in ${(waitMs / 1000).toFixed(1)} s (try ${attempt + 1})`,
      );
      await pace.sleep(waitMs, cancelled);
      if (cancelled?.aborted) throw error;
    }
  }
}

/** Full jitter: many clients of a cloud that comes back do not come back at once. */
export function waitBefore(attempt: number, random: number): number {
  return Math.round(random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
}

function mayRepeat(error: CloudError, repetition: Repetition, attempt: number): boolean {
  if (isPermanent(error)) return false;
  if (isNotDone(error)) return true;
  if (repetition === "once" || !isAmbiguous(error)) return false;
  const isFault = error.code !== FOREIGN_ANSWER && error.status >= 500;
  return !isFault || (repetition === "read" && attempt <= REPEATS_OF_A_FAULT);
}

/** Reports every ten seconds that there is no answer yet. */
async function reportingSilence<T>(
  { pace = realPace, onWait }: Manner,
  { action, url }: Question,
  call: () => Promise<T>,
) {
  let seconds = 0;
  const stop = onWait
    ? pace.every(REPORT_EVERY_MS, () => {
        seconds += REPORT_EVERY_MS / 1000;
        onWait(`${action}: no answer from ${url} for ${seconds} s`);
      })
    : undefined;
  try {
    return await call();
  } finally {
    stop?.();
  }
}
