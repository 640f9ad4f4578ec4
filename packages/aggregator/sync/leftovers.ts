import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PART } from "../files.ts";
import type { Places } from "./settings.ts";

/** Removes what runs that were killed have left half written. Only under the lock: then nobody else is writing. */
export async function removeLeftovers(places: Places): Promise<void> {
  for (const folder of [places.home, places.cache, places.staging, places.contents, places.www]) {
    const names = await readdir(folder).catch(() => []); // not there yet
    for (const name of names.filter((each) => each.endsWith(PART))) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}
