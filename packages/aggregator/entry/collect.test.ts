import { describe, expect, test } from "@jest/globals";
import type { FeedConfig } from "@planet/content";
import { configOf } from "../build/testing/sampleSite.ts";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";
import { collectEntries } from "./collect.ts";
import type { Channel } from "./types.ts";
import { selectWindow } from "./window.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 4, 18, 12);
const planet = (keys: string) => configOf(`[Planet]\nname = x\n${keys}\n[http://a.test/]\nname = A\n`);
const [feedConfig] = planet("").feeds as [FeedConfig];

interface Facts {
  readonly config?: Partial<FeedConfig>;
  readonly updated?: number;
  readonly seen?: Record<string, number>;
  readonly index?: number;
}

const entry = (id: string, published?: number, more: Partial<ParsedEntry> = {}): ParsedEntry => ({
  id,
  published,
  categories: [],
  enclosures: [],
  ...more,
});

function channel(entries: readonly ParsedEntry[], { config, updated, seen = {}, index = 0 }: Facts = {}): Channel {
  const feed: ParsedFeed = { format: "rss", entries, updated, repaired: false };
  return {
    config: { ...feedConfig, name: `Feed ${index}`, ...config },
    index,
    feed,
    sourceUrl: "http://a.test/",
    firstSeen: new Map(Object.entries(seen)),
  };
}

const dates = (entries: readonly ParsedEntry[], facts?: Facts) =>
  collectEntries(channel(entries, facts), NOW).map(({ date }) => date);
const shown = (channels: readonly Channel[], keys = "") =>
  selectWindow(
    channels.flatMap((each) => collectEntries(each, NOW)),
    planet(keys),
  ).map(({ key }) => key);

describe("the date of an entry", () => {
  test("an undated entry that came later has the time it was first seen, never the time of this run", () => {
    expect(dates([entry("1")], { seen: { 1: NOW - DAY } })).toEqual([NOW - DAY]);
  });

  test("on a first run it has the feed's date if that is not fresh, else none", () => {
    expect(dates([entry("1")], { updated: NOW - DAY })).toEqual([NOW - DAY]);
    expect(dates([entry("1")], { updated: NOW - 1_000 })).toEqual([undefined]);
    expect(dates([entry("1")])).toEqual([undefined]);
  });

  test("a date in the future is shown, but does not hold the top of the page", () => {
    expect(
      shown([channel([entry("future", NOW + 30 * DAY), entry("fresh", NOW - HOUR)], { seen: { future: NOW - DAY } })]),
    ).toEqual(["fresh", "future"]);
    expect(dates([entry("future", NOW + DAY)])).toEqual([NOW + DAY]);
  });

  test.each([
    ["ignore_date", [undefined, NOW - DAY]],
    ["ignore_entry", [NOW - DAY]],
  ] as const)("future_dates = %s", (futureDates, expected) => {
    expect(dates([entry("1", NOW + DAY), entry("2", NOW - DAY)], { config: { futureDates } })).toEqual(expected);
  });

  test("four entries of one moment are a regenerated feed: those first seen later keep that time", () => {
    const made = NOW - 5 * DAY;
    const entries = ["1", "2", "3", "4"].map((id) => entry(id, made));
    expect(dates(entries, { seen: { 4: NOW - HOUR } })).toEqual([made, made, made, NOW - HOUR]);
  });
});

describe("which entries are one", () => {
  test("same id and link: the later update wins", () => {
    const [only, ...rest] = collectEntries(
      channel([entry("1", NOW, { updated: 1, rights: "old" }), entry("1", NOW, { updated: 2, rights: "new" })]),
      NOW,
    );
    expect(rest).toEqual([]);
    expect(only?.parsed.rights).toBe("new");
  });

  test("one id for all and different links are different entries", () => {
    const entries = [1, 2].map((n) => entry("same", NOW, { link: `http://a.test/${n}` }));
    expect(collectEntries(channel(entries), NOW)).toHaveLength(2);
  });

  test("the same page in two feeds is shown once, for the feed listed first, and names the other", () => {
    const first = channel([entry("a", NOW - DAY, { link: "http://www.a.test/1/?utm_source=x" })], { index: 0 });
    const second = channel([entry("b", NOW - HOUR, { link: "https://a.test/1#top" })], { index: 1 });
    const window = selectWindow(
      [first, second].flatMap((each) => collectEntries(each, NOW)),
      planet(""),
    );
    expect(window.map(({ parsed, alsoIn }) => [parsed.id, alsoIn])).toEqual([["a", ["Feed 1"]]]);
  });

  test("a link that eleven entries share is the home page and merges nothing", () => {
    const entries = Array.from({ length: 10 }, (_value, n) =>
      entry(String(n), NOW - n * HOUR, { link: "http://a.test/" }),
    );
    const other = channel([entry("x", NOW, { link: "http://a.test/" })], { index: 1 });
    expect(shown([channel(entries), other])).toHaveLength(11);
  });
});

describe("the window", () => {
  const many = (index: number, count: number) =>
    channel(
      Array.from({ length: count }, (_value, n) => entry(`${index}-${n}`, NOW - n * DAY)),
      { index },
    );

  test("newest first; ties by place in planet.ini; undated last", () => {
    const undated = channel([entry("undated")], { index: 2 });
    expect(shown([many(0, 2), many(1, 1), undated])).toEqual(["0-0", "1-0", "0-1", "undated"]);
  });

  test("items_per_page, new_feed_items and days_per_page all hold", () => {
    expect(shown([many(0, 9)], "items_per_page = 3")).toHaveLength(3);
    expect(shown([many(0, 9), many(1, 1)], "new_feed_items = 2")).toEqual(["0-0", "1-0", "0-1"]);
    expect(shown([many(0, 9)], "days_per_page = 2")).toEqual(["0-0", "0-1"]);
  });
});

test("title_type overrules the feed", () => {
  const title = { kind: "html", value: "a <b>" } as const;
  const [only] = collectEntries(channel([entry("1", NOW, { title })], { config: { titleType: "text" } }), NOW);
  expect(only?.parsed.title?.kind).toBe("text");
});
