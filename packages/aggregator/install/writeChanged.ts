import { readIfThere, writeAtomically } from "../files.ts";
import type { ServerFile } from "./serverFiles.ts";

/**
 * Leaves a file alone that has its bytes already, and replaces every other one atomically, so that the next run repairs
 * what a killed run has left.
 * @returns the paths that were written.
 */
export async function writeChanged(files: readonly ServerFile[]): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { path, text } of files) {
    if ((await readIfThere(path))?.equals(Buffer.from(text))) continue;
    await writeAtomically(path, text);
    written.push(path);
  }
  return written;
}
