import type { CloudContext } from "./cloudContext.ts";
import { ProviderError } from "./providerError.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Asks again and again until there is an answer, with growing pauses. `look` gives the answer, or a text for the
 * progress row of the resource.
 * @throws {ProviderError} `CANCELLED` or `WAITED_TOO_LONG`; nothing in the cloud was changed by the waiting.
 */
export async function waitUntil<T extends object>(
  cloud: Pick<CloudContext, "log" | "cancelled" | "sleep">,
  facts: { readonly urn: string; readonly what: string; readonly seconds: number; readonly next: string },
  look: (waitedMs: number) => Promise<T | string>,
): Promise<T> {
  const { urn, what, seconds, next } = facts;
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const found = await look(waitedMs);
    if (typeof found === "object") return found;
    cloud.log.status(urn, found);
    if (cloud.cancelled.aborted) {
      throw new ProviderError({
        code: "CANCELLED",
        what: `stopped waiting until ${what}`,
        why: `${found}; cancelled`,
        next,
      });
    }
    if (waitedMs >= seconds * 1000) {
      const why = `after ${seconds} s: ${found}`;
      throw new ProviderError({ code: "WAITED_TOO_LONG", what: `gave up waiting until ${what}`, why, next });
    }
    await cloud.sleep(pauseMs);
    waitedMs += pauseMs;
  }
}
