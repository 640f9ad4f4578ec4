import { randomBytes } from "node:crypto";
import { closeSync, fsync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";

/** How the names of files end that are not in place yet; a run that was killed leaves them. */
export const PART = ".part";

/** A name beside `path` that nobody else has. */
export const partOf = (path: string): string => `${path}.${randomBytes(4).toString("hex")}${PART}`;

const synced = promisify(fsync);

/**
 * One promise: after a crash the file is the whole old one or the whole new one. Only the wait for the disk is left to a
 * thread of Node's: to ask one takes longer than each of the other steps, and a run writes a thousand files.
 */
export async function writeAtomically(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const part = partOf(path);
  try {
    const file = openSync(part, "wx", mode);
    try {
      writeFileSync(file, content);
      await synced(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Leaves a file alone that has these bytes already: it keeps its time. @returns whether it was written. */
export async function writeChanged(path: string, text: string, mode?: number): Promise<boolean> {
  if ((await readIfThere(path))?.equals(Buffer.from(text))) return false;
  await writeAtomically(path, text, mode);
  return true;
}

/** Points a symbolic link elsewhere in one rename: readers see the old target or the new one. */
export async function switchLink(link: string, target: string): Promise<void> {
  const part = partOf(link);
  await symlink(target, part);
  try {
    await rename(part, link);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return absentIsUndefined(readFile(path));
}

export async function linkTarget(path: string): Promise<string | undefined> {
  return absentIsUndefined(readlink(path));
}

async function absentIsUndefined<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === code;
}
