import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { readSite } from "./siteFolder.ts";
import { formatProblem, type SiteFile, siteProblems } from "./siteRules.ts";
import { textOf } from "./text/textOf.ts";

const file = (name: string, bytes: string | Buffer): SiteFile => ({ name, bytes: Buffer.from(bytes) });
const ini = file("planet.ini", "[Planet]\nname = P\nlink = http://p.example/\n\n[http://a.example/feed]\nname = A\n");
const textsOf = (...files: SiteFile[]) => siteProblems([ini, ...files]).map((problem) => formatProblem(problem));

describe("siteProblems (proves what is refused before upload; the server looks again)", () => {
  test("accepts what a planet is made of", () => {
    const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from("rest")]);
    expect(textsOf(file("planet.css", "a {}"), file("images/a.png", png), file("index.html.liquid", "é"))).toEqual([]);
  });

  test.each([
    ["a name with a space", file("my logo.png", ""), "site/my logo.png: error:"],
    ["two folders", file("a/b/c.css", ""), "site/a/b/c.css: error:"],
    ["code", file("evil.js", ""), "site/evil.js: error:"],
    ["the immutable folder", file("objects/a.css", ""), "site/objects/a.css: error:"],
    ["a name of the servers' memory", file("memory/a.css", ""), "site/memory/a.css: error: is in memory/, where"],
    ["the same of a raised permit", file("memory-2/a.css", ""), "put it in another folder"],
    ["the same in capitals: a store may fold case", file("Memory/a.css", ""), "put it in another folder"],
    ["a name of the servers' keys", file("tls/a.txt", ""), "site/tls/a.txt: error: is in tls/, where"],
    ["a name of their challenges", file("acme-challenge/a.txt", ""), "is in acme-challenge/, where"],
    ["the list of what is forgotten", file("forgotten.json", "{}"), "site/forgotten.json: error: is where the bucket"],
    ["too large a file", file("a.css", "x".repeat(2_100_000)), "site/a.css: error: has 2100000 bytes"],
    ["an error page as image", file("a.png", "<html>"), "site/a.png: error: is not image/png"],
    ["a binary as text", file("a.css", Buffer.from([0xff, 0xfe, 0])), "site/a.css: error: is not text/css"],
  ])("refuses %s", (_, bad, words) => {
    expect(textsOf(bad)).toEqual(expect.arrayContaining([expect.stringContaining(words)]));
  });

  test.each(["memory.css", "memory-of-a-city/a.css", "tls.txt", "forgotten.txt", "images/memory.css"])(
    "%s is not a name of the servers",
    (name) => expect(textsOf(file(name, ""))).toEqual([]),
  );

  test("says the line of a mistake in planet.ini", () => {
    const broken = file("planet.ini", `${Buffer.from(ini.bytes)}\n[http://b.example/feed\nname = B\n`);
    expect(siteProblems([broken]).map((problem) => formatProblem(problem))).toEqual([
      expect.stringMatching(/^site\/planet\.ini:8: error: /),
    ]);
  });

  test("refuses a site folder without planet.ini", () => {
    expect(siteProblems([file("planet.css", "")]).map((problem) => formatProblem(problem))).toEqual([
      "site/planet.ini: error: is missing",
    ]);
  });
});

test("textOf takes only what comes back as the same bytes", () => {
  expect(textOf(Buffer.from("\uFEFFé"))).toBe("\uFEFFé");
  expect(textOf(Buffer.from([0xe9]))).toBeUndefined();
  expect(textOf(Buffer.from("a\0"))).toBeUndefined();
});

test("the site folder of this repository has neither errors nor warnings", () => {
  const site = readSite("site");
  expect(siteProblems(site).map((problem) => formatProblem(problem))).toEqual([]);
  expect(site.map(({ name }) => name)).toContain("images/logo.png");
  expect(site.find(({ name }) => name === "planet.ini")?.bytes).toEqual(readFileSync("site/planet.ini"));
});
