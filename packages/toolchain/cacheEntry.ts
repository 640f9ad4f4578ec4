import { existsSync } from "node:fs";
import { link, mkdir, open, readFile, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf } from "@planet/errors";

/** A lock whose holder has not touched it for this long belongs to a run that was killed. */
const STALE_MS = 60_000;
const TOUCH_MS = 10_000;
const POLL_MS = 500;
const REMIND_MS = 15_000;

export type Progress = (line: string) => void;

/**
 * A folder that the first comer makes, once, and that appears whole or not at all. Who competes: two runs of the
 * same user (two checkouts, a test and a shell). What guards: a lock file made with O_EXCL and touched while its holder
 * works. What a crash leaves: a stale lock, which the next run takes over after a minute (at once when the holder's pid
 * is gone from this machine), and a `.partial` folder, which it continues with.
 * @param make fills the folder it is given; that folder may hold what an earlier, interrupted run left.
 */
export async function ensureEntry(
  entry: string,
  make: (partial: string) => Promise<void>,
  onProgress: Progress,
): Promise<string> {
  if (existsSync(entry)) return entry;
  await mkdir(path.dirname(entry), { recursive: true });
  const lock = `${entry}.lock`;
  await takeLock(lock, entry, onProgress);
  const touching = setInterval(() => void utimes(lock, new Date(), new Date()).catch(() => undefined), TOUCH_MS);
  try {
    if (existsSync(entry)) return entry; // made by the run that we waited for
    const partial = `${entry}.partial`;
    await mkdir(partial, { recursive: true });
    await make(partial);
    await rename(partial, entry);
    return entry;
  } finally {
    clearInterval(touching);
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, entry: string, onProgress: Progress): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      const file = await open(lock, "wx");
      await file.writeFile(JSON.stringify({ host: hostname(), pid: process.pid }));
      await file.close();
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    if (await isStale(lock)) await discard(lock);
    else {
      if (waitedMs % REMIND_MS === 0) onProgress(`waiting for another run that makes ${entry} (${waitedMs / 1000} s)`);
      await sleep(POLL_MS);
    }
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(lock)).mtimeMs > STALE_MS) return true;
    const holder = JSON.parse(await readFile(lock, "utf8")) as { host: string; pid: number };
    return holder.host === hostname() && !isAlive(holder.pid);
  } catch {
    return false; // gone meanwhile, or made this very moment and still empty
  }
}

/**
 * Renamed before it is removed, so that of two runs only one discards. If another run was faster and the lock that we
 * hold in our hands is its new one, it is put back.
 */
async function discard(lock: string): Promise<void> {
  const aside = `${lock}.${process.pid}.stale`;
  try {
    await rename(lock, aside);
    if (!(await isStale(aside))) await link(aside, lock);
    await unlink(aside);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
