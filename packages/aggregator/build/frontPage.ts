import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Nothing but white space, as a template makes it whose loops and pieces find nothing. */
export async function isFrontPageEmpty(directory: string): Promise<boolean> {
  return (await readFile(join(directory, "index.html"), "utf8")).trim() === "";
}
