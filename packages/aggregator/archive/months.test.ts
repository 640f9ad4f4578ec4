import { expect, test } from "@jest/globals";
import { isExpired, isKept, isMonth, keptMonths, monthOf, newestMonths } from "./months.ts";

const NOW = Date.parse("2026-01-29T12:00:00Z");

test.each([
  ["2026-01", 1, true],
  ["2025-12", 1, false],
  ["2025-12", 2, true],
  ["2024-02", 24, true],
  ["2024-01", 24, false],
  ["1990-01", 0, true],
  ["undated", 1, true],
  ["2026-02", 0, false],
  ["9999-12", 0, false],
])("of %s, with planet:archiveMonths %i, is kept: %s", (month, archiveMonths, kept) => {
  expect(isKept(month, { archiveMonths, now: NOW })).toBe(kept);
});

test("a month that is still to come is not kept, and is not one that is too old: the clock may be wrong", () => {
  const rules = { archiveMonths: 2, now: NOW };
  expect(["2025-11", "2025-12", "2026-03", "undated"].map((month) => isExpired(month, rules))).toEqual([
    ...[true, false, false, false],
  ]);
  expect(isExpired("1990-01", { archiveMonths: 0, now: NOW })).toBe(false);
});

test("a month that another server's clock has reached is kept", () => {
  expect(isKept("2026-02", { archiveMonths: 0, now: Date.parse("2026-01-31T23:00:00Z") })).toBe(true);
});

test("there is room for the 1,200 newest months, and for the undated entries", () => {
  const months = Array.from({ length: 1_210 }, (_, index) => monthOf(Date.UTC(2026, -index, 1)));
  expect(newestMonths(["undated", ...months.reverse()])).toEqual([...months.reverse().slice(0, 1_200), "undated"]);
});

test("months that are too old or still to come take no room", () => {
  const planted = Array.from({ length: 1_200 }, (_, index) => monthOf(Date.UTC(9999, -index, 1)));
  expect(keptMonths([...planted, "2026-01", "2025-12", "2019-01"], { archiveMonths: 24, now: NOW })).toEqual([
    "2026-01",
    "2025-12",
  ]);
});

test.each(["2026-1", "2026-13", "2026-00", "index", "../2026-01", "2026-01.json", ""])("%p is no month", (name) => {
  expect(isMonth(name)).toBe(false);
});
