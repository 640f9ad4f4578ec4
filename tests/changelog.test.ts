import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const LOG = readFileSync("CHANGELOG.md", "utf8");
const SECTIONS = LOG.split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.split("\n")[0] ?? "", text }));

test("the changelog is by version, newest first, and the newest released one is the project's", () => {
  const [first, ...released] = SECTIONS.map(({ title }) => title);
  expect(first).toBe("Unreleased");
  const numbers = released.map((title) => /^(\d+)\.(\d+)\.(\d+)/.exec(title)?.slice(1).map(Number) ?? []);
  expect(released[0]?.split(" ")[0]).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
  const weight = ([major = 0, minor = 0, patch = 0]: readonly number[]) => major * 1e6 + minor * 1e3 + patch;
  expect(numbers.map(weight)).toEqual(numbers.map(weight).toSorted((one, other) => other - one));
});

test("each version but the first says what to know when one upgrades to it", () => {
  for (const { text } of SECTIONS.slice(0, -1)) expect(text).toContain("\n### When you upgrade\n");
});
