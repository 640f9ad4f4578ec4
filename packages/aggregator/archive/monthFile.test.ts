import { describe, expect, test } from "@jest/globals";
import { idKey } from "./keys.ts";
import { MAX_ENTRIES, MAX_GONE } from "./mergeMonths.ts";
import { readForeignMonth, readOwnMonth, writeMonth } from "./monthFile.ts";
import { archived } from "./testing/entries.ts";
import { type ArchivedEntry, isShown } from "./types.ts";

const MONTH = "2026-05";
const stored = (entries: readonly unknown[], more: object = {}) =>
  JSON.stringify({ schema: 1, month: MONTH, entries, ...more });
/** The entries that are left of these. */
function left(...entries: readonly unknown[]): readonly ArchivedEntry[] {
  const read = readForeignMonth(stored(entries), MONTH);
  if (read.kind !== "month") throw new Error(`the month is ${read.kind}`);
  return read.month.entries.filter(isShown);
}

test("a file is one line for each entry, without what is empty", () => {
  const text = writeMonth({ month: MONTH, entries: [archived("a"), { key: idKey("b"), at: 2, gone: true }] });
  expect(text.split("\n")).toEqual([
    '{"schema":1,"month":"2026-05","entries":[',
    expect.stringMatching(
      /^\{"id":"a","at":1,"seen":1,"index":0,"order":\d+,"date":\d+,"feed":"[0-9a-f]{64}","name":"A","title":"a","link":"http:\/\/a.test\/1"\},$/,
    ),
    expect.stringMatching(/^\{"key":"[0-9a-f]{32}","at":2,"gone":true\}$/),
    "]}",
    "",
  ]);
});

describe("a month that anybody may have written", () => {
  test.each([
    ["cut", stored([archived("a")]).slice(0, 40)],
    ["not JSON", "<html>404</html>"],
    ["empty", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["another month's", stored([], { month: "2026-04" })],
    ["without a schema", JSON.stringify({ month: MONTH, entries: [] })],
    ["without entries", stored([], { entries: {} })],
  ])("that is %s is unusable", (_what, text) => {
    expect(readForeignMonth(text, MONTH)).toEqual({ kind: "unusable" });
  });

  test("of a newer version is to be left alone", () => {
    expect(readForeignMonth(stored([], { schema: 2, entries: "other" }), MONTH)).toEqual({ kind: "newer" });
  });

  test.each([
    ["null", null],
    ["no id", { ...archived("a"), id: undefined }],
    ["an endless id", archived("x".repeat(10_000))],
    ["the date of another month", archived("a", { order: Date.parse("2026-04-30") })],
    ["no order", { ...archived("a"), order: undefined }],
    ["an order that is no time", { ...archived("a"), order: 1e300 }],
    ["a time that is text", { ...archived("a"), seen: "1" }],
    ["a time beyond all dates", { ...archived("a"), at: 8.64e15 }],
    ["no feed", { ...archived("a"), feed: "http://a.test/" }],
  ])("loses an entry with %s, and no other", (_what, entry) => {
    expect(left(entry, archived("good")).map(({ id }) => id)).toEqual(["good"]);
  });

  test("has clean words, whatever it says", () => {
    const [entry] = left({
      ...archived("a"),
      title: "<img src=x onerror=alert(1)><b>Bold</b> &lt;i&gt;",
      link: "javascript:alert(1)",
      author: "\u202eevil\u0000",
      language: '"><script>',
      categories: ["<b>", 7, "x".repeat(700), ...Array.from({ length: 100 }, () => "c")],
      teaser: { toString: "x" },
    });
    expect(entry).toMatchObject({ title: "<b>Bold</b> &lt;i&gt;", link: "", author: "evil", language: "", teaser: "" });
    expect(entry?.categories).toHaveLength(18);
  });

  test("has no passwords in addresses", () => {
    expect(left({ ...archived("a"), link: "https://user:secret@a.test/1" })[0]?.link).toBe("https://a.test/1");
  });

  test("is bounded, in entries and in marks of those that are gone", () => {
    const gone = Array.from({ length: MAX_GONE + 1 }, (_, index) => ({ key: idKey(`${index}`), at: 1, gone: true }));
    const marks = readForeignMonth(stored(gone), MONTH);
    expect(marks.kind === "month" && marks.month.entries.length).toBe(MAX_GONE);
    const shown = Array.from({ length: MAX_ENTRIES + 1 }, (_, index) => archived(`${index}`));
    expect(readOwnMonth(stored(shown), MONTH)?.entries).toHaveLength(MAX_ENTRIES);
  });
});
