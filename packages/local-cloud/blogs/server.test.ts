import { describe, expect, test } from "@jest/globals";
import { BLOGS } from "./catalogue.ts";
import { blogAnswer } from "./server.ts";

const FEEDS: Record<string, string> = {
  almanac: "/feed.xml",
  bakery: "/rss.xml",
  garden: "/index.rdf",
  kernelnotes: "/feed.json",
  lighthouse: "/atom.xml",
  microposts: "/rss.xml",
  oldtimer: "/atom03.xml",
  radio: "/rss.xml",
  tokyo: "/feed.xml",
};

const entriesIn = (text: string): number => text.match(/<item[\s>]|<entry>|"date_published"/g)?.length ?? 0;
const get = (blog: string, path: string, turn = 0, tag?: string) => blogAnswer(`${blog}.blogs.test`, path, tag, turn);

describe("sample blogs", () => {
  test.each(Object.entries(FEEDS))("%s serves at least three entries at %s", (blog, path) => {
    const answer = get(blog, path);
    expect(answer.status).toBe(200);
    expect(entriesIn(Buffer.from(answer.body).toString("latin1"))).toBeGreaterThanOrEqual(3);
  });

  test("all together have at least forty entries", () => {
    const counts = Object.entries(FEEDS).map(([blog, path]) =>
      entriesIn(Buffer.from(get(blog, path).body).toString("latin1")),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(40);
  });

  test.each([
    { blog: "radio", encoding: "windows-1252", words: "c\u2019était la meilleure émission de la semaine\u2026" },
    { blog: "tokyo", encoding: "shift_jis", words: "固い豆腐には固い豆腐の良さがある。" },
  ])("$blog is $encoding on the wire", ({ blog, encoding, words }) => {
    expect(new TextDecoder(encoding, { fatal: true }).decode(get(blog, FEEDS[blog] ?? "").body)).toContain(words);
  });

  test("a known version is not sent again", () => {
    const { headers } = get("bakery", "/rss.xml");
    expect(get("bakery", "/rss.xml", 1, headers.ETag)).toMatchObject({ status: 304 });
  });

  // A reader's browser knows no *.blogs.test: pictures by address would be broken on the planet's page.
  test.each(["almanac", "bakery", "garden", "lighthouse", "radio", "tokyo"])(
    "%s carries its picture within the feed, as a PNG below 20 KB",
    (blog) => {
      const text = Buffer.from(get(blog, FEEDS[blog] ?? "").body).toString("latin1");
      const pictures = [...text.matchAll(/img src="([^"]*)"/g)].map(([, source = ""]) => source);
      expect(pictures).toHaveLength(1);
      const bytes = Buffer.from(pictures[0]?.split("data:image/png;base64,")[1] ?? "", "base64");
      expect(bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
      expect(bytes.length).toBeLessThan(20_000);
    },
  );

  test("broken never serves a whole feed, gone is gone, others are unknown", () => {
    expect([0, 1, 2].map((turn) => get("broken", "/rss.xml", turn).status)).toEqual([200, 200, 500]);
    expect(Buffer.from(get("broken", "/rss.xml").body).toString()).not.toContain("</rss>");
    expect(get("gone", "/rss.xml").status).toBe(410);
    expect(get("nobody", "/").status).toBe(404);
  });

  test.each(["/../../server.ts", "/%2e%2e/%2e%2e/server.ts", "/..%2f..%2fserver.ts", "/%00", "/%zz"])(
    "%s leads nowhere",
    (path) => {
      expect(get("bakery", path).status).toBe(404);
    },
  );

  test("each blog has a name of its own", () => expect(new Set(BLOGS).size).toBe(11));
});
