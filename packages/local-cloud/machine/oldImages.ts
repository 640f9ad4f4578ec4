import { mkdtempSync, readdirSync, readFileSync, renameSync, statSync, utimesSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A layer used within this time may be another checkout's of another recipe, or about to be mounted. */
const RECENT_MS = 60 * 60_000;

/** Marks layers as used now. */
export function touchLayers(layers: readonly string[], now = new Date()): void {
  for (const folder of layers) utimesSync(folder, now, now);
}

/**
 * Layers in the cache with the names of `current`, but of an older recipe, that no machine has mounted and nobody has used for an
 * hour. The kernel's list of mounts names the lower folders of each overlay.
 */
export function oldLayers(
  cache: string,
  current: readonly string[],
  now = Date.now(),
  mounts = readFileSync("/proc/self/mounts", "utf8"),
): string[] {
  const names = new Set(current.map((folder) => nameOf(basename(folder))));
  return readdirSync(cache)
    .filter((entry) => nameOf(entry) !== undefined && names.has(nameOf(entry)) && !mounts.includes(entry))
    .map((entry) => join(cache, entry))
    .filter((folder) => !current.includes(folder) && now - statSync(folder).mtimeMs > RECENT_MS);
}

/** Removes layers; a kill leaves a `building-…` folder, which the next build removes. Callers hold the images' lock. */
export async function removeLayers(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const temporary = mkdtempSync(join(dirname(folder), "building-"));
    renameSync(folder, join(temporary, "root"));
    await rm(temporary, { recursive: true, force: true });
  }
}

/** `debian-12-rc-local-36bd7a8f0662` → `debian-12-rc-local`; undefined for what is not a layer. */
function nameOf(entry: string): string | undefined {
  return /^(.+)-[0-9a-f]{12}$/.exec(entry)?.[1];
}
