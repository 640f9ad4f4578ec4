import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { htmlOfText } from "../text/cleanHtml.ts";
import { idKey, keyOf } from "./keys.ts";
import { MAX_ENTRIES, MAX_GONE, mergeMonths, monthFrom } from "./mergeMonths.ts";
import { readForeignMonth, readOwnMonth, writeMonth } from "./monthFile.ts";
import { archived } from "./testing/entries.ts";
import { type ArchivedEntry, type ArchiveMonth, type GoneEntry, isShown } from "./types.ts";

const MONTH = "2026-05";
const DAY = 86_400_000;

const known: fc.Arbitrary<ArchivedEntry> = fc
  .record({ n: fc.nat(5), at: fc.nat(3), seen: fc.nat(2), day: fc.nat(20), word: fc.constantFrom("", "a", "b <i>") })
  .map(({ n, at, seen, day, word }) =>
    archived(`tag:a,2026:${n}`, {
      at,
      seen,
      order: Date.parse(MONTH) + day * DAY,
      title: htmlOfText(word),
      author: word,
    }),
  );
const gone: fc.Arbitrary<GoneEntry> = fc
  .record({ n: fc.nat(5), at: fc.nat(3) })
  .map(({ n, at }) => ({ key: idKey(`tag:a,2026:${n}`), at, gone: true }));
const month: fc.Arbitrary<ArchiveMonth> = fc
  .uniqueArray(fc.oneof(known, known, gone), { selector: keyOf, maxLength: 6 })
  .map((entries) => monthFrom(MONTH, entries));

const keys = ({ entries }: ArchiveMonth) => entries.map(keyOf);

test("whoever merges with whom, in which order and how often: the result is one", () => {
  fc.assert(
    fc.property(month, month, month, (a, b, c) => {
      expect(mergeMonths(a, b)).toEqual(mergeMonths(b, a));
      expect(mergeMonths(mergeMonths(a, b), c)).toEqual(mergeMonths(a, mergeMonths(b, c)));
      expect(mergeMonths(a, a)).toEqual(a);
      const both = mergeMonths(a, b);
      expect(mergeMonths(both, a)).toEqual(both);
    }),
  );
});

test("nothing is lost: every entry of either is there, in the later of its states", () => {
  fc.assert(
    fc.property(month, month, (a, b) => {
      const merged = mergeMonths(a, b);
      expect(keys(merged)).toEqual([...new Set([...keys(a), ...keys(b)])].sort());
      const states = [...a.entries, ...b.entries];
      for (const entry of merged.entries) {
        expect(states).toContainEqual(entry);
        expect(states.filter((each) => keyOf(each) === keyOf(entry) && each.at > entry.at)).toEqual([]);
      }
    }),
  );
});

test("a month of more entries than there can be has the same ones, whoever merges", () => {
  const many = (from: number) =>
    monthFrom(
      MONTH,
      Array.from({ length: 15_000 }, (_, index) => archived(`tag:a,2026:${from + index}`)),
    );
  const merged = mergeMonths(many(0), many(10_000));
  expect(merged.entries).toHaveLength(MAX_ENTRIES);
  expect(keys(mergeMonths(many(10_000), many(0)))).toEqual(keys(merged));
});

test("of marks that entries are gone there are the last 2,000, whoever merges, and no entry goes with them", () => {
  const marks = (from: number) =>
    Array.from(
      { length: 1_800 },
      (_, index): GoneEntry => ({ key: idKey(`gone ${from + index}`), at: from + index, gone: true }),
    );
  const [a, b] = [monthFrom(MONTH, [...marks(0), archived("a")]), monthFrom(MONTH, [...marks(1_000), archived("b")])];
  const merged = mergeMonths(a, b);
  expect(merged).toEqual(mergeMonths(b, a));
  expect(mergeMonths(merged, a)).toEqual(merged);
  expect(
    merged.entries
      .filter(isShown)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(["a", "b"]);
  const times = merged.entries.filter((entry) => !isShown(entry)).map(({ at }) => at);
  expect([times.length, Math.min(...times), Math.max(...times)]).toEqual([MAX_GONE, 800, 2_799]);
});

test("a month is read back as it was written, also as somebody else's", () => {
  fc.assert(
    fc.property(month, (a) => {
      expect(readOwnMonth(writeMonth(a), MONTH)).toEqual(a);
      expect(readForeignMonth(writeMonth(a), MONTH)).toEqual({ kind: "month", month: a });
    }),
  );
});
