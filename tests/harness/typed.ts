import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The commands that a document says to type: the lines of the fenced block after `<!-- typed: name -->`, as words. So what
 * is written there is what a test runs.
 */
export function typedIn(document: string, name: string): string[][] {
  const text = readFileSync(fileURLToPath(new URL(`../../${document}`, import.meta.url)), "utf8");
  const marker = `<!-- typed: ${name} -->\n`;
  const begin = text.indexOf(marker);
  const [, block] = /^```sh\n([\s\S]*?)\n```\n/.exec(text.slice(begin + marker.length)) ?? [];
  if (begin < 0 || block === undefined) throw new Error(`${document} says nothing to type for "${name}"`);
  return block.split("\n").map((line) => line.replace(/\s+#.*$/, "").split(" "));
}
