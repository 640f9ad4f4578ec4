import { describe, expect, test } from "@jest/globals";
import { isOperatorEdit, judgeLiveObject } from "./judge.ts";
import {
  contentDigest,
  type Manifest,
  type ManifestFile,
  parseManifest,
  pinnedManifest,
  serializeManifest,
  sha256Of,
} from "./manifest.ts";
import { contentProblems, contentType, nameProblem } from "./names.ts";

const hash = (letter: string) => letter.repeat(64);
const file = (name: string, over: Partial<ManifestFile> = {}): ManifestFile => ({
  name,
  sha256: hash("a"),
  size: 3,
  type: contentType(name),
  replaces: [],
  ...over,
});
const manifest: Manifest = {
  stack: "local",
  files: [file("planet.ini", { replaces: [hash("b")] }), file("images/logo.png")],
};

describe("judgeLiveObject", () => {
  const old = new Date("2026-01-01T10:00:00Z");
  const late = new Date("2026-01-01T10:00:01Z");
  const known = file("planet.css", { sha256: hash("a"), replaces: [hash("b"), hash("c")] });
  test.each([
    { name: "same hash", live: hash("a"), liveModified: late, manifestModified: old, verdict: "in-step" },
    {
      name: "earlier hash, older than the manifest",
      live: hash("b"),
      liveModified: old,
      manifestModified: late,
      verdict: "deploying",
    },
    {
      name: "earlier hash, same second",
      live: hash("b"),
      liveModified: old,
      manifestModified: old,
      verdict: "deploying",
    },
    {
      name: "second to last hash, older",
      live: hash("c"),
      liveModified: old,
      manifestModified: late,
      verdict: "deploying",
    },
    {
      name: "earlier hash, put back later",
      live: hash("b"),
      liveModified: late,
      manifestModified: old,
      verdict: "put-back",
    },
    {
      name: "earlier hash, no times",
      live: hash("b"),
      liveModified: undefined,
      manifestModified: undefined,
      verdict: "deploying",
    },
    { name: "foreign hash, newer", live: hash("d"), liveModified: late, manifestModified: old, verdict: "edit" },
    {
      name: "foreign hash, older than the manifest",
      live: hash("d"),
      liveModified: old,
      manifestModified: late,
      verdict: "edit",
    },
    {
      name: "missing or forbidden",
      live: undefined,
      liveModified: undefined,
      manifestModified: old,
      verdict: "unreadable",
    },
  ])("$name is $verdict", ({ verdict, ...facts }) => {
    expect(judgeLiveObject({ manifestFile: known, ...facts })).toBe(verdict);
  });

  test("a name that the manifest does not have is added", () => {
    const facts = { live: hash("d"), manifestFile: undefined, liveModified: late, manifestModified: old };
    expect(judgeLiveObject(facts)).toBe("added");
  });

  test("edits are what differs by an operator's wish", () => {
    const verdicts = ["in-step", "deploying", "put-back", "edit", "added", "unreadable"] as const;
    expect(verdicts.filter(isOperatorEdit)).toEqual(["put-back", "edit", "added"]);
  });
});

describe("manifest", () => {
  test("is sorted, ends in a newline and reads back", () => {
    const text = serializeManifest(manifest);
    expect(text.endsWith("}\n")).toBe(true);
    expect(parseManifest(text).files.map(({ name }) => name)).toEqual(["images/logo.png", "planet.ini"]);
    expect(serializeManifest(parseManifest(Buffer.from(text)))).toBe(text);
  });

  test("of an earlier version may have a file where servers keep records now: the deploy that moves it has to read it", () => {
    const text = serializeManifest({ stack: "s", files: [file("memory/a.css"), file("planet.ini")] });
    expect(parseManifest(text).files.map(({ name }) => name)).toEqual(["memory/a.css", "planet.ini"]);
  });

  test("keeps five earlier hashes", () => {
    const replaces = ["1", "2", "3", "4", "5", "6"].map(hash);
    const text = serializeManifest({ stack: "s", files: [file("planet.ini", { replaces })] });
    expect(parseManifest(text).files[0]?.replaces).toEqual(replaces.slice(0, 5));
  });

  test("the content digest is the hash of the pinned bytes and does not know the history", () => {
    const other = { ...manifest, files: manifest.files.map((each) => ({ ...each, replaces: [] })) };
    expect(contentDigest(manifest)).toBe(contentDigest(other));
    expect(contentDigest(manifest)).toBe(sha256Of(Buffer.from(pinnedManifest(manifest))));
    expect(contentDigest({ ...manifest, files: [file("planet.ini", { sha256: hash("e") })] })).not.toBe(
      contentDigest(other),
    );
  });

  test.each([
    ["an error page", "<html>System is still starting up</html>"],
    ["a cut file", serializeManifest(manifest).slice(0, -20)],
    ["another schema", serializeManifest(manifest).replace('"schema": 1', '"schema": 2')],
    ["no stack", serializeManifest({ ...manifest, stack: "" })],
    ["no planet.ini", serializeManifest({ stack: "s", files: [file("a.css")] })],
    ["a name that climbs", serializeManifest({ stack: "s", files: [file("../planet.ini"), file("planet.ini")] })],
    ["a name twice", serializeManifest({ stack: "s", files: [file("planet.ini"), file("planet.ini")] })],
    ["a malformed hash", serializeManifest({ stack: "s", files: [file("planet.ini", { sha256: "abc" })] })],
    ["null", "null"],
  ])("%s is refused", (_, text) => {
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: "MANIFEST" }));
  });
});

describe("names", () => {
  test.each([
    ["planet.ini", true],
    ["images/logo-2.png", true],
    ["index.html.liquid", true],
    ["Planet.ini", false],
    ["a/b/c.png", false],
    ["../x.png", false],
    [".x.png", false],
    ["x.js", false],
    ["x", false],
    ["objects/a.png", false],
    ["manifest.json", false],
    [`${"a".repeat(200)}.png`, false],
  ])("%s: %s", (name, legal) => {
    expect(nameProblem(name) === undefined).toBe(legal);
  });

  test.each([
    ["planet.css", "text/css; charset=utf-8"],
    ["planet.ini", "text/plain; charset=utf-8"],
    ["a.png", "image/png"],
    ["a.unknown", "application/octet-stream"],
  ])("%s is sent as %s", (name, type) => expect(contentType(name)).toBe(type));

  test("size, sum and count have limits", () => {
    const many = Array.from({ length: 501 }, (_, index) => ({ name: `f${index}.css`, size: 50_000 }));
    const reasons = contentProblems([...many, { name: "planet.ini", size: 2_097_153 }]).map(({ name }) => name);
    expect(reasons).toEqual(["planet.ini", "", ""]);
    expect(contentProblems([{ name: "planet.ini", size: 2_097_152 }])).toEqual([]);
  });
});
