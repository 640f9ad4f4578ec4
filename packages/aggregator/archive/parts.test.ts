import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../build/testing/sampleSite.ts";
import { ArchiveStore } from "./archiveStore.ts";
import { feedKey } from "./keys.ts";
import { monthFrom } from "./mergeMonths.ts";
import { monthOf } from "./months.ts";
import { entriesOf, partsOf, permalinksOf, sortedMonths } from "./parts.ts";
import { archived, FEED, shown } from "./testing/entries.ts";
import type { ArchivedEntry } from "./types.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.clean());

const at = (date: string, id = date) => archived(id, { order: Date.parse(date) });
const never = archived("never", { order: Number.NEGATIVE_INFINITY });
const places = new Map([[feedKey(FEED), 0]]);

/** Every page with the ids of its entries, and the permalinks. */
async function archiveOf(entries: readonly ArchivedEntry[]) {
  const store = await ArchiveStore.open(folder.path);
  for (const month of new Set(entries.map(({ order }) => monthOf(order)))) {
    await store.write(
      monthFrom(
        month,
        entries.filter(({ order }) => monthOf(order) === month),
      ),
    );
  }
  const pages: [address: string, ids: string[]][] = [];
  const sorted = sortedMonths(store, places);
  for (const part of partsOf(store.months)) {
    const shownThere = entriesOf(part, await sorted(part.month));
    expect(shownThere).toHaveLength(part.count);
    pages.push([part.address, shownThere.map(({ id }) => id)]);
  }
  return { pages, permalinks: await permalinksOf(entries.map(shown), store.months, sorted) };
}

/** So many entries of one month, newest first. */
const busy = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    return archived(`n${count - index}`, { order: Date.parse("2026-05-02") + count - index });
  });

describe("the archive", () => {
  test("has a page for each month, in UTC, newest first, and undated entries at the end", async () => {
    const { pages } = await archiveOf([
      never,
      at("2024-12-01"),
      at("2026-05-01T00:00:00Z"),
      at("2026-04-30T23:59:59Z"),
    ]);
    expect(pages).toEqual([
      ["archive/2026-05.html", ["2026-05-01T00:00:00Z"]],
      ["archive/2026-04.html", ["2026-04-30T23:59:59Z"]],
      ["archive/2024-12.html", ["2024-12-01"]],
      ["archive/undated.html", ["never"]],
    ]);
  });

  test.each([
    ["0001-01-01", "archive/0001-01.html"],
    ["9999-12-31", "archive/9999-12.html"],
    ["+010000-01-01T00:00:00Z", "archive/undated.html"],
    ["-000001-01-01T00:00:00Z", "archive/undated.html"],
  ])("an entry of the year %s is at %s", async (date, address) => {
    expect((await archiveOf([at(date)])).pages).toEqual([[address, [date]]]);
  });

  test("new entries change the newest part of a month only", async () => {
    const [before, after] = [await archiveOf(busy(2_400)), await archiveOf(busy(2_500))];
    expect(before.pages.map(([address, ids]) => [address, ids.length])).toEqual([
      ["archive/2026-05-part-3.html", 400],
      ["archive/2026-05-part-2.html", 1_000],
      ["archive/2026-05.html", 1_000],
    ]);
    expect(after.pages.slice(1)).toEqual(before.pages.slice(1));
    expect([...before.permalinks].filter(([id, link]) => after.permalinks.get(id) !== link)).toEqual([]);
  });

  test("each entry's permalink is on the page that has it", async () => {
    const { pages, permalinks } = await archiveOf([...busy(1_100), at("2024-12-01"), never]);
    for (const [address, ids] of pages) {
      for (const id of ids) expect(permalinks.get(id)).toMatch(`${address}#e-`);
    }
  });

  test("older entries that come later, of other months, change no address", async () => {
    const known = [at("2026-05-01"), at("2026-03-01")];
    const { permalinks } = await archiveOf(known);
    const more = await archiveOf([...known, at("2026-04-01"), at("2019-01-01")]);
    for (const [id, link] of permalinks) expect(more.permalinks.get(id)).toBe(link);
  });
});

test("entries of one time stand as planet.ini lists their feeds, then as the feed has them", async () => {
  const of = (url: string, id: string, index: number) => archived(id, { feed: feedKey(url), index });
  const entries = [
    of("http://gone.test/", "gone", 0),
    of("http://b.test/", "b", 0),
    of(FEED, "a2", 2),
    of(FEED, "a1", 1),
  ];
  const order = new Map([feedKey(FEED), feedKey("http://b.test/")].map((key, place) => [key, place]));
  const [part] = partsOf(new Map([["2026-05", { count: 4 }]]));
  if (part === undefined) throw new Error("no page");
  const sorted = sortedMonths({ read: async (month) => monthFrom(month, entries) }, order);
  expect(entriesOf(part, await sorted("2026-05")).map(({ id }) => id)).toEqual(["a1", "a2", "b", "gone"]);
});
