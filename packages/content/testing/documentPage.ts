import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "@jest/globals";

/** What stands between `<!-- from the code: NAME -->` and `<!-- end -->`. */
const PART = /(<!-- from the code: (.+) -->\n)([\s\S]*?)(<!-- end -->)/g;

/**
 * Compares the parts of a page that are made from the code with what the code says; UPDATE_GOLDEN=1 rewrites them.
 * @param parts Markdown by the name of its place; each has to have exactly one.
 */
export function expectParts(file: URL, parts: Readonly<Record<string, string>>): void {
  const page = readFileSync(file, "utf8");
  const places = [...page.matchAll(PART)].map(([, , name]) => name);
  expect([...places].sort()).toEqual(Object.keys(parts).sort());
  const made = page.replace(PART, (_part, begin: string, name: string, _old: string, end: string) => {
    return `${begin}${parts[name]}${end}`;
  });
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, made);
  expect(made).toBe(readFileSync(file, "utf8"));
}

/** A table of Markdown with a line break at its end. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line), ""].join("\n");
}
