import { describe, expect, test } from "@jest/globals";
import type { StatusFeed, StatusJson } from "@planet/content";
import { XMLParser } from "fast-xml-parser";
import { feedsStatus } from "./feedsStatus.ts";
import { PLAIN_STYLE } from "./statusStyle.ts";

const style = { ...PLAIN_STYLE, link: "http://me:secret@planet.test/" };
const failing: StatusFeed = {
  url: "http://a.test/feed",
  name: "Ann & Son",
  state: "failing",
  http: 500,
  reason: "http: the server answered 500",
  last_ok: "2026-02-20T09:00:00Z",
  next_try: "2026-03-01T12:31:00Z",
  failures: 9,
  failing_since: "2026-02-20T10:00:00Z",
  needs_attention: true,
  entries: 3,
  repaired: false,
  ms: 1,
  bytes: 2,
};

/** Of a server's status only these two count. */
const xmlOf = (feeds: readonly StatusFeed[], keys = style) =>
  feedsStatus({ planet: "Planet of the <Harbour>", feeds } as unknown as StatusJson, keys);

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, isArray: (name) => name === "entry" });
const entriesOf = (xml: string): Record<string, unknown>[] => parser.parse(xml).feed.entry ?? [];

describe("feeds-status.xml", () => {
  test("names a feed that has been failing for long: since when, and why in plain words", () => {
    const xml = xmlOf([failing]);
    expect(entriesOf(xml)).toEqual([
      expect.objectContaining({
        title: "Ann & Son has been failing since February 20, 2026",
        updated: "2026-02-27T10:00:00Z",
        content: expect.objectContaining({ "#text": expect.stringContaining("its server answered with error 500") }),
      }),
    ]);
    expect(parser.parse(xml).feed.updated).toBe("2026-02-27T10:00:00Z");
    expect(xml).toContain('<link rel="self" type="application/atom+xml" href="http://planet.test/feeds-status.xml"/>');
    expect(xml).not.toContain("secret");
  });

  test("is the same in the next run, with the next try and one failure more", () => {
    const later = { ...failing, failures: 10, next_try: "2026-03-02T12:00:00Z", last_try: "2026-03-01T12:31:00Z" };
    expect(xmlOf([later])).toBe(xmlOf([failing]));
  });

  test("has no entry when all is well, and while a feed fails for less than report_after", () => {
    const quiet = { ...failing, needs_attention: false };
    expect(entriesOf(xmlOf([quiet, { ...quiet, state: "ok" }]))).toEqual([]);
    expect(parser.parse(xmlOf([])).feed.updated).toBe("1970-01-01T00:00:00Z");
  });

  test("a feed that recovers and fails again is a new entry, two feeds are two", () => {
    const again = { ...failing, failing_since: "2026-02-25T10:00:00Z" };
    const other = { ...failing, url: "http://b.test/feed" };
    const ids = [failing, again, other].map((feed) => entriesOf(xmlOf([feed]))[0]?.id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toMatch(/^urn:sha256:[0-9a-f]+$/);
  });

  test("speaks the planet's language", () => {
    const xml = xmlOf([{ ...failing, state: "gone", http: 410 }], { ...style, locale: "de" });
    expect(xml).toContain('xml:lang="de"');
    expect(xml).toContain("Ann &amp; Son ist seit 20. Februar 2026 nicht erreichbar");
    expect(xml).toContain("Diesen Feed gibt es nicht mehr");
  });

  test("a planet with thousands of dead feeds has a feed of bounded size", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ ...failing, url: `http://a.test/${index}` }));
    expect(entriesOf(xmlOf(many))).toHaveLength(200);
  });
});
