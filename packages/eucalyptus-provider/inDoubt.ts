import { isAmbiguous } from "@planet/eucalyptus-client";
import type { CloudContext } from "./cloudContext.ts";

/** The cloud shows what it did within a moment. */
const LOOK_AGAIN_MS = 2_000;

/**
 * Makes a call that changes something. When it ends in doubt (no answer, another's answer, a fault of the cloud's own), it
 * may have been done all the same: then this looks before it gives up. `find` answers undefined for "not done".
 * @throws the call's own error when nothing is found.
 */
export async function inDoubt<T>(
  { sleep }: Pick<CloudContext, "sleep">,
  call: () => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    await sleep(LOOK_AGAIN_MS);
    const done = await find().catch(() => undefined);
    if (done !== undefined) return done;
    throw error;
  }
}
