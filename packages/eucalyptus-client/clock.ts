import type { CloudError } from "./cloudError.ts";

/**
 * The cloud's time as far as we know it. EC2 refuses a date that is 20 s ahead of its own or 15 min behind
 * (`bootstrap.webservices.clock_skew_sec`), with the same 403 as for wrong keys; the answer's `Date` tells them apart.
 */
export interface CloudClock {
  now(): Date;
  /** How far the cloud is ahead of this machine. */
  readonly offsetMs: number;
  /** True when the refusal taught us a new offset, so that the call is worth repeating once. */
  learnFrom(error: CloudError): boolean;
}

/** A smaller difference is never why a request is refused; `Date` has whole seconds and answers take time. */
const NOTICEABLE_MS = 5_000;

export function createClock(machineNow: () => number = Date.now): CloudClock {
  let offsetMs = 0;
  return {
    now: () => new Date(machineNow() + offsetMs),
    get offsetMs() {
      return offsetMs;
    },
    learnFrom({ status, date }) {
      if (status !== 403 || !date) return false;
      const measured = date.getTime() - machineNow();
      if (Math.abs(measured - offsetMs) < NOTICEABLE_MS) return false;
      offsetMs = measured;
      return true;
    },
  };
}
