import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { expect, test } from "@jest/globals";

/** From the top down: a folder imports those of lower floors, and not its neighbour on the same one. */
const FLOORS = [["verbs"], ["deploy", "change"], ["page", "stack"], ["text"]];

const floorOf = (file: string): number => FLOORS.findIndex((folders) => folders.includes(file.split(sep)[0] ?? ""));

/** Each verb is a room of its own. */
const roomOf = (file: string): string =>
  file
    .split(sep)
    .slice(0, file.startsWith("verbs") ? 2 : 1)
    .join(sep);

/** The two files that know all verbs. */
const TOP = ["commands.ts", "commands.test.ts"];

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
const imports = files
  .filter((file) => file.endsWith(".ts") && !TOP.includes(file))
  .flatMap((from) => {
    const text = readFileSync(join(import.meta.dirname, from), "utf8");
    return [...text.matchAll(/(?:from|import) ?\(?"(\.[^"]+)"/g)].map(([, path = ""]) => ({
      from,
      to: normalize(join(dirname(from), path)),
    }));
  });

function isAllowed({ from, to }: { from: string; to: string }): boolean {
  const [above, below] = [floorOf(from), floorOf(to)];
  if (below === -1) return true; // git.ts, command.ts and what else lies at the bottom
  return above !== -1 && (above < below || roomOf(from) === roomOf(to));
}

test("imports go from verbs to deploy and change, to page and stack, to text, and no verb imports another", () => {
  expect(imports.length).toBeGreaterThan(300);
  expect(imports.filter((each) => !isAllowed(each)).map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});
