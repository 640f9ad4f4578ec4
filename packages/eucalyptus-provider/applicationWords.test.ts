import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

/** Of this project: its name (but for that of its packages), its parts and folders, and how its commands are called. */
const WORDS = /(?<!@)planet|aggregator|\bnpm\b|\bnpx\b|\bsite\/|newcomer/i;
/** Whoever uses the client need not use Pulumi. The other two are part of it, and may name its commands. */
const WORDS_FOR_CLIENT = new RegExp(`${WORDS.source}|pulumi up`, "i");

const LEFT_OUT = /(^|\/)(testing|testdata)\/|\.test\.ts$/;

test.each([
  ["eucalyptus-client", WORDS_FOR_CLIENT],
  ["eucalyptus-provider", WORDS],
  ["pulumi-plugin", WORDS],
])("%s has no words of this project", (name, words) => {
  const folder = join(import.meta.dirname, "..", name);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !LEFT_OUT.test(file),
  );
  expect(sources.length).toBeGreaterThan(10);
  const said = sources.flatMap((file) => {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    return lines.flatMap((line, index) => (words.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
  });
  expect(said).toEqual([]);
});
