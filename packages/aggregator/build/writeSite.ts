import { mkdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Writes the website into an empty folder and sets its times. nginx makes its ETag of time and size alone, in seconds: equal
 * bytes keep the time they had, so readers get 304; other bytes get a later second, or a switch within one second would
 * be answered with a stale 304.
 * @returns whether anything differs from `previousDirectory`.
 */
export async function writeSite(
  files: ReadonlyMap<string, Uint8Array>,
  outDirectory: string,
  previousDirectory: string | undefined,
  now: Date,
): Promise<boolean> {
  let changed = previousDirectory === undefined;
  for (const [name, bytes] of files) {
    const path = join(outDirectory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    const before = previousDirectory === undefined ? undefined : await previous(join(previousDirectory, name));
    const equal = before?.bytes.equals(bytes) === true;
    changed ||= !equal;
    const seconds = equal ? before.seconds : Math.max(Math.floor(now.getTime() / 1000), (before?.seconds ?? 0) + 1);
    await utimes(path, seconds, seconds);
  }
  return changed;
}

async function previous(path: string): Promise<{ bytes: Buffer; seconds: number } | undefined> {
  try {
    const [bytes, { mtimeMs }] = [await readFile(path), await stat(path)];
    return { bytes, seconds: Math.floor(mtimeMs / 1000) };
  } catch {
    return undefined; // not there before
  }
}
