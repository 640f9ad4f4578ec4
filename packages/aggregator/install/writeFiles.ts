import { chmod, rm } from "node:fs/promises";
import { readIfThere, writeChanged } from "../files.ts";
import type { ServerFile } from "./serverFiles.ts";

/**
 * Writes the files that have other bytes, each atomically, so that the next run repairs what a killed run has left; and removes
 * those that must not be there.
 * @returns the paths that were written or removed.
 */
export async function writeFiles(files: readonly ServerFile[]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { path, text, mode } of files) {
    const isChanged = text === undefined ? await removeIfThere(path) : await writeChanged(path, text, mode);
    if (text !== undefined && mode !== undefined) await chmod(path, mode);
    if (isChanged) changed.push(path);
  }
  return changed;
}

async function removeIfThere(path: string): Promise<boolean> {
  if ((await readIfThere(path)) === undefined) return false;
  await rm(path);
  return true;
}
