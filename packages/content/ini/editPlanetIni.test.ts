import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { addFeed, removeFeed } from "./editPlanetIni.ts";
import { readPlanetIni } from "./readPlanetIni.ts";

const file = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const urls = (bytes: Uint8Array) => readPlanetIni(bytes).config?.feeds.map(({ url }) => url) ?? [];
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("editing planet.ini (proves that no other byte changes)", () => {
  test.each(["venus.ini", "pluto.ini"])("adds to %s and takes the same feed away again", (name) => {
    const before = file(name);
    const after = addFeed(before, { url: "https://new.example/feed.xml", name: "New\n[bad]" });
    expect(text(after).startsWith(text(before))).toBe(true);
    expect(urls(after)).toEqual([...urls(before), "https://new.example/feed.xml"]);
    expect(readPlanetIni(after).config?.feeds.at(-1)?.name).toBe("New [bad]");
    expect(text(removeFeed(after, "https://new.example/feed.xml")).trimEnd()).toBe(text(before).trimEnd());
  });

  test("keeps the comment that belongs to the next feed", () => {
    const bytes = Buffer.from("[http://a/]\nname = A\n\n# b is new\n[http://b/]\n");
    expect(text(removeFeed(bytes, "http://a"))).toBe("# b is new\n[http://b/]\n");
  });

  test("removes continuations and every duplicate", () => {
    const bytes = Buffer.from("[http://a/]\nname = A\n  B\n[http://b/]\n[http://A:80/]\nface = x.png");
    expect(text(removeFeed(bytes, "http://a/"))).toBe("[http://b/]\n");
  });

  test("writes the file's own line endings, and references into a file that is not UTF-8", () => {
    const bytes = Buffer.from("[Planet]\r\nname = Ga\xebl\r\n[http://a/]\r\n", "latin1");
    const after = addFeed(bytes, { url: "http://b/", name: "Zoë" });
    expect(Buffer.from(after).subarray(bytes.length).toString()).toBe("\r\n[http://b/]\r\nname = Zo&#235;\r\n");
    expect(readPlanetIni(after).config?.feeds.at(-1)?.name).toBe("Zoë");
  });

  test.each([
    ["FEED_EXISTS", () => addFeed(file("venus.ini"), { url: "https://ADA.example/atom.xml" })],
    ["FEED_URL", () => addFeed(file("venus.ini"), { url: "ftp://ada.example/" })],
    ["FEED_URL", () => addFeed(file("venus.ini"), { url: "http://a/]\n[http://b/" })],
    ["FEED_UNKNOWN", () => removeFeed(file("venus.ini"), "https://nobody.example/")],
    ["NOT_TEXT", () => removeFeed(Buffer.from([0]), "https://nobody.example/")],
  ])("refuses with %s", (code, edit) => {
    expect(edit).toThrow(expect.objectContaining({ code }));
  });

  test("property: what is left is the old file with lines cut out, and an added feed comes off again", () => {
    const line = fc.constantFrom(
      "[http://a/]",
      "[http://b/]",
      "name = x",
      "  more",
      "# note",
      "",
      "; x",
      "face = y.png",
      "rem z",
      "[Planet]",
    );
    const ending = fc.constantFrom("\n", "\r\n");
    const files = fc
      .tuple(fc.array(line, { maxLength: 30 }), ending)
      .map(([lines, end]) => Buffer.from(lines.map((each) => each + end).join("")));
    fc.assert(
      fc.property(files, (bytes) => {
        const added = addFeed(bytes, { url: "http://new.example/", name: "N" });
        expect(text(removeFeed(added, "http://new.example/"))).toContain(text(bytes));
        if (!urls(bytes).includes("http://a/")) return;
        const left = text(removeFeed(bytes, "http://a/")).split("\n");
        expect(isSubsequence(left, text(bytes).split("\n"))).toBe(true);
        expect(urls(Buffer.from(left.join("\n")))).toEqual(urls(bytes).filter((url) => url !== "http://a/"));
      }),
    );
  });

  test.each(["A ;B", ";A", '"A"', '"', "A &amp; B", "&#59;", "A = [B]", "# A", 'Tom\'s "x"'])(
    "a name %s is read as it was",
    (name) => {
      const after = addFeed(Buffer.from("[Planet]\nname = P\n"), { url: "http://a.example/", name });
      expect(readPlanetIni(after).config?.feeds[0]?.name).toBe(name);
    },
  );
});

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) if (line === part[at]) at += 1;
  return at === part.length;
}
