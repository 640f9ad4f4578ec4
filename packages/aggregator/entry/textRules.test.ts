import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { configOf } from "../build/testing/sampleSite.ts";
import { entry } from "./testing/runs.ts";
import { matchEntries } from "./textRules.ts";

const wild = (name: string) =>
  configOf(readFileSync(new URL(`../build/testdata/wild/${name}`, import.meta.url), "utf8"));
const named = (...names: string[]) => names.map((name) => entry({ name }));

describe("filter and exclude", () => {
  test("one pattern a line: any of them excludes", () => {
    const [feed] = wild("filter-multiline.ini").feeds;
    expect(matchEntries({ ...feed, entries: named("First", "Second", "Third") })).toEqual([false, false, true]);
  });

  test("one pattern a line: all of them have to match", () => {
    expect(matchEntries({ filter: "a\n b\n", entries: named("a", "b", "a and b") })).toEqual([false, false, true]);
  });

  test("(?i) ignores case", () => {
    const [feed] = wild("filter-inline-flag.ini").feeds;
    expect(matchEntries({ ...feed, entries: named("Fedora", "fedora", "Debian") })).toEqual([true, true, false]);
    expect(matchEntries({ filter: "(?is)^x.y", entries: [entry({ name: "X", text: "Y" })] })).toEqual([true]);
  });

  test("categories are matched as well as titles and texts", () => {
    const entries = [entry({ categories: ["planet"] }), entry({ text: "planet" }), entry({ categories: ["life"] })];
    expect(matchEntries({ filter: "planet", entries })).toEqual([true, true, false]);
    expect(matchEntries({ exclude: "planet", entries })).toEqual([false, false, true]);
  });
});
