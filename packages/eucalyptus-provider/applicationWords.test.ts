import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

/** Of this project: its name (but for that of its packages), its folders, and how its commands are called. */
const WORDS = /(?<!@)planet|\bnpm\b|\bnpx\b|\bsite\/|newcomer/i;

const LEFT_OUT = /(^|\/)(testing|testdata)\/|\.test\.ts$/;

test.each(["eucalyptus-client", "eucalyptus-provider"])("%s speaks to anybody who has a Eucalyptus", (name) => {
  const folder = join(import.meta.dirname, "..", name);
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !LEFT_OUT.test(file),
  );
  expect(sources.length).toBeGreaterThan(20);
  const said = sources.flatMap((file) => {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    return lines.flatMap((line, index) => (WORDS.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
  });
  expect(said).toEqual([]);
});
