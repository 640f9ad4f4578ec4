import { writeChanged } from "../files.ts";
import type { ServerFile } from "./serverFiles.ts";

/**
 * Writes the files that have other bytes, each atomically, so that the next run repairs what a killed run has left.
 * @returns the paths that were written.
 */
export async function writeFiles(files: readonly ServerFile[]): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { path, text } of files) if (await writeChanged(path, text)) written.push(path);
  return written;
}
