import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { hasCode, partOf, readIfThere } from "../files.ts";

/** Another sync is at work; this one has touched nothing. */
class LockedError extends Error {
  readonly code = "LOCKED";

  constructor(holder: string) {
    super(`another sync is running (${holder})`);
    this.name = "LockedError";
  }
}

/**
 * Runs `work` while no other sync does. systemd never starts the unit twice, but an operator may run one by hand.
 *
 * The lock is a file with the holder's process id and start time, put in place whole by link(2), which fails when the
 * name is taken. A holder that is gone (crash, power) is recognised by its start time, since ids are used again, and
 * its file is renamed away; of two that try this, one rename succeeds, and the link decides who goes on.
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dirname(path), { recursive: true });
  const mine = partOf(path);
  await writeFile(mine, `${process.pid} ${await startTimeOf(process.pid)}`);
  try {
    await take(mine, path);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function take(mine: string, path: string): Promise<void> {
  if (await tryLink(mine, path)) return;
  const holder = (await readIfThere(path))?.toString("utf8") ?? "";
  const [pid = "", started = ""] = holder.split(" ");
  if (holder !== "" && (await startTimeOf(Number(pid))) === started) throw new LockedError(`process ${pid}`);
  const stale = partOf(path);
  await rename(path, stale).catch(() => undefined);
  await rm(stale, { force: true });
  if (!(await tryLink(mine, path))) throw new LockedError("it began a moment ago");
}

async function tryLink(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    // ENOENT: the holder has taken our file for that of a killed run (leftovers.ts).
    if (hasCode(error, "EEXIST") || hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** Field 22 of /proc/<pid>/stat; the command's name before it may hold blanks. Empty when there is no such process. */
async function startTimeOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
