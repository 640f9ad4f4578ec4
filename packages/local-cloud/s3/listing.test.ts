import { describe, expect, test } from "@jest/globals";
import { pageOf } from "./listing.ts";

const BUCKET = { objects: new Map(["c/1", "a/2", "d", "b", "a/1"].map((key) => [key, []])) };
const keyOf = (key: string) => key;

describe("pageOf (proves paging; not the XML)", () => {
  test("pages with a delimiter show each entry and prefix once", () => {
    const seen: string[] = [];
    let after = "";
    for (let pages = 0; pages < 10; pages += 1) {
      const page = pageOf(BUCKET, keyOf, { prefix: "", delimiter: "/", after, limit: 2 });
      seen.push(...page.entries, ...page.commonPrefixes);
      if (!page.isTruncated) break;
      after = page.last ?? "";
    }
    expect(seen.sort()).toEqual(["a/", "b", "c/", "d"]);
  });

  test.each([
    { name: "a prefix", options: { prefix: "a/" }, entries: ["a/1", "a/2"], isTruncated: false },
    { name: "no room", options: { limit: 0 }, entries: [], isTruncated: true },
    { name: "exactly all", options: { limit: 5 }, entries: ["a/1", "a/2", "b", "c/1", "d"], isTruncated: false },
    { name: "one less", options: { limit: 4 }, entries: ["a/1", "a/2", "b", "c/1"], isTruncated: true },
  ])("$name", ({ options, entries, isTruncated }) => {
    const page = pageOf(BUCKET, keyOf, { prefix: "", delimiter: "", after: "", limit: 10, ...options });
    expect(page).toMatchObject({ entries, isTruncated });
  });
});
