import type { Refusal } from "@planet/content";
import { sha256Of } from "@planet/content";
import type { SyncContext } from "./context.ts";
import { writeState } from "./state.ts";

/** The first time may have been a power cut. */
const MAX_ATTEMPTS = 2;

/**
 * Tries content that may end the whole process: out of memory, out of the unit's time. That it is tried is written down
 * before, so that the same content does not end each run from then on.
 */
export async function attempted(
  files: ReadonlyMap<string, Uint8Array>,
  { state, settings }: Pick<SyncContext, "state" | "settings">,
  trial: () => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  const content = hashOf(files);
  const before = state.attempts?.[content] ?? 0;
  if (before >= MAX_ATTEMPTS) {
    return { name: "", code: "trial-ended", message: `${before} runs ended while the page was made of it` };
  }
  state.attempts = { ...state.attempts, [content]: before + 1 };
  await writeState(settings.places.state, state);
  const refusal = await trial();
  delete state.attempts[content];
  await writeState(settings.places.state, state);
  return refusal;
}

function hashOf(files: ReadonlyMap<string, Uint8Array>): string {
  const names = [...files].map(([name, bytes]) => `${name} ${sha256Of(bytes)}`).sort();
  return sha256Of(Buffer.from(names.join("\n")));
}
