import { setTimeout as sleep } from "node:timers/promises";

/** Time and chance, as far as the repetition of calls depends on them. */
export interface Pace {
  /** Milliseconds of a clock that nobody sets. */
  now(): number;
  /** Ends early, without an error, when the signal does. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** Calls `tick` again and again until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
}

export const realPace: Pace = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  random: Math.random,
  every(ms, tick) {
    const timer = setInterval(tick, ms).unref();
    return () => clearInterval(timer);
  },
};
