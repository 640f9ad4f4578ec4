import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Two looks with equal results in a row: an editor has finished writing. */
const LOOK_EVERY_MS = 200;

/**
 * Calls `onRest` at once and whenever the files below a folder have changed and then rested. It looks instead of being told:
 * a rename, a folder that goes and comes back, a network drive and another user's container all look the same.
 * @param onRest false: it could not read the folder, and is called again
 */
export async function watch(folder: string, onRest: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  let handled: string | undefined;
  let before = look(folder);
  for (let first = true; !signal.aborted; first = false) {
    const now = first ? before : look(folder);
    if (now === before && now !== handled) handled = (await onRest()) ? now : undefined;
    before = now;
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Changes with every file and folder that is published; names with a dot are not. "" for no folder. */
function look(folder: string): string {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith("."))
      .map((entry) => {
        const path = join(folder, entry.name);
        const { ino, size, mtimeMs, ctimeMs } = lstatSync(path);
        const below = entry.isDirectory() ? `{${look(path)}}` : "";
        return `${entry.name}\0${ino} ${size} ${mtimeMs} ${ctimeMs}${below}`;
      })
      .join("\0");
  } catch {
    return ""; // it is not there, or it is just going away
  }
}
