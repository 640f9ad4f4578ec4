import { describe, expect, test } from "@jest/globals";
import type { Entry } from "../entry/types.ts";
import { type ArchivePart, archiveOf, permalinksOf } from "./archive.ts";

const entry = (id: string, order: number) => ({ id, order }) as Entry;
const at = (date: string, id = date) => entry(id, Date.parse(date));
const shown = (parts: readonly ArchivePart[]) =>
  parts.map(({ address, entries }) => [address, entries.map(({ id }) => id)]);
/** So many entries of one month, newest first. */
const busy = (count: number) =>
  Array.from({ length: count }, (_, index) => entry(`n${count - index}`, Date.parse("2026-05-02") + count - index));

describe("the archive", () => {
  test("has a page for each month, in UTC, newest first, and undated entries at the end", () => {
    const entries = [
      at("2026-05-01T00:00:00Z"),
      at("2026-04-30T23:59:59Z"),
      at("2024-12-01"),
      entry("never", Number.NEGATIVE_INFINITY),
    ];
    expect(shown(archiveOf(entries))).toEqual([
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
  ])("an entry of the year %s is at %s", (date, address) => {
    expect(archiveOf([at(date)]).map((part) => part.address)).toEqual([address]);
  });

  test("new entries change the newest part of a month only", () => {
    const [before, after] = [archiveOf(busy(2_400)), archiveOf(busy(2_500))];
    expect(before.map(({ address, entries }) => [address, entries.length])).toEqual([
      ["archive/2026-05-part-3.html", 400],
      ["archive/2026-05-part-2.html", 1_000],
      ["archive/2026-05.html", 1_000],
    ]);
    expect(shown(after).slice(1)).toEqual(shown(before).slice(1));
    expect([...permalinksOf(before)].filter(([id, link]) => permalinksOf(after).get(id) !== link)).toEqual([]);
  });

  test("older entries that come later, of other months, change no address", () => {
    const known = [at("2026-05-01"), at("2026-03-01")];
    const more = [at("2026-05-01"), at("2026-04-01"), at("2026-03-01"), at("2019-01-01")];
    for (const [id, link] of permalinksOf(archiveOf(known))) expect(permalinksOf(archiveOf(more)).get(id)).toBe(link);
  });

  test("ends after 240 months; undated entries do not count", () => {
    const months = Array.from({ length: 300 }, (_, index) => at(new Date(Date.UTC(2026, -index, 1)).toISOString()));
    const parts = archiveOf([...months, entry("never", Number.NEGATIVE_INFINITY)]);
    expect([parts.length, parts.at(-1)?.address]).toEqual([241, "archive/undated.html"]);
  });
});
