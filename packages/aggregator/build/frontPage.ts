import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SiteProblem } from "@planet/content";

export const EMPTY_PAGE: SiteProblem = {
  file: "index.html",
  line: 0,
  level: "error",
  text: "the page comes out empty",
};

/** Nothing but white space, as a template makes it whose loops and pieces find nothing. */
export async function isFrontPageEmpty(directory: string): Promise<boolean> {
  return (await readFile(join(directory, "index.html"), "utf8")).trim() === "";
}
