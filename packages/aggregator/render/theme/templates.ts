import { type ThemeFile, themeFile } from "./files.ts";

const NAMES = [
  "index.html.liquid",
  "months.liquid",
  "mark.liquid",
  "titles_only.html.liquid",
] as const satisfies ThemeFile[];

/** The built-in templates by name. */
export function themeTemplates(): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [name, Buffer.from(themeFile(name)).toString("utf8")]));
}
