import type { Context } from "../../command.ts";
import { visible } from "../../text/visible.ts";
import type { MemoryPlace } from "./place.ts";

/** What servers write is at most so large (packages/aggregator/memory/packed.ts); anything else is not read. */
const LIMIT_BYTES = 4 * 1024 * 1024;
/** So often a line says how far it is. */
const PROGRESS_OBJECTS = 100;

export interface Visit {
  readonly key: string;
  /** Below the prefix. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Visits every object of the memory, one after another.
 * @returns how many there were, and the keys of those that are too large to be the memory's
 */
export async function walk(
  { prefix, store }: MemoryPlace,
  visit: (object: Visit) => Promise<void>,
  { err }: Context,
): Promise<{ count: number; tooLarge: string[] }> {
  const tooLarge: string[] = [];
  let count = 0;
  for await (const page of store.pages(prefix)) {
    for (const { key, size } of page) {
      count += 1;
      if (count % PROGRESS_OBJECTS === 0) err(`${count} objects …\n`);
      if (size > LIMIT_BYTES) tooLarge.push(key);
      else {
        const bytes = await store.read(key);
        if (bytes !== undefined) await visit({ key, name: key.slice(prefix.length), bytes });
      }
    }
  }
  return { count, tooLarge };
}

/** Worth a line each. */
const SHOWN_KEYS = 10;

/** Objects that were left alone, for people; empty when there are none. */
export function leftAlone(keys: readonly string[]): string {
  if (keys.length === 0) return "";
  const shown = keys.slice(0, SHOWN_KEYS).map((key) => `  ${visible(key)}`);
  const more = keys.length > SHOWN_KEYS ? [`  and ${keys.length - SHOWN_KEYS} more`] : [];
  const what = "Left alone, since they are too large, broken, or of a newer version of this program:";
  return [what, ...shown, ...more, ""].join("\n");
}

export const objects = (count: number): string => (count === 1 ? "1 object" : `${count} objects`);
