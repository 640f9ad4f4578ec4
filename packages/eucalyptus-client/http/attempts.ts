import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../connection.ts";
import { CloudError } from "../errors.ts";

/** A cloud that restarts a service answers 503 with these; every other 5xx of Eucalyptus is final, however often asked. */
const PASSING_CODES = ["ServiceUnavailable", "SlowDown"];
const WAITS_MS = [250, 1_000];

/**
 * Makes a call, once more after a refusal that taught us the cloud's clock, and, when it is `repeatable`, up to twice
 * more when no answer came or the service was away for a moment. Anything else is never repeated: Eucalyptus answers
 * 500 to many mistakes of the caller.
 */
export async function attempts<T>(
  connection: Connection,
  { repeatable }: { readonly repeatable: boolean },
  call: () => Promise<T>,
): Promise<T> {
  let clockLearned = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (!clockLearned && connection.clock.learnFrom(error)) {
        clockLearned = true;
        continue;
      }
      const waitMs = attempt < (connection.repeats ?? WAITS_MS.length) ? WAITS_MS[attempt] : undefined;
      if (!repeatable || waitMs === undefined || !isPassing(error)) throw error;
      await sleep(waitMs);
    }
  }
}

function isPassing({ status, code }: CloudError): boolean {
  return code === "Unreachable" || code === "Timeout" || (status === 503 && PASSING_CODES.includes(code));
}
