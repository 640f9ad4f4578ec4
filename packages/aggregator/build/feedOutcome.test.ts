import { describe, expect, test } from "@jest/globals";
import { DAY, entry, HOUR, NOW } from "../entry/testing/runs.ts";
import type { ParsedEntry } from "../parse/types.ts";
import { withDocument } from "./feedOutcome.ts";
import { emptyRecord, type FeedRecord } from "./feedRecord.ts";

const URL = "http://a.test/feed";
const rules = { keep: 3, ignoreInFeed: [], futureDates: "keep" } as const;

/** The record after one more document, an hour later each time. */
function after(record: FeedRecord, entries: readonly ParsedEntry[]): FeedRecord {
  const fetched = { kind: "document", finalUrl: URL, status: 200, body: Buffer.from("x"), wireBytes: 1 } as const;
  const now = (record.lastOk ?? NOW) + HOUR;
  const feed = { format: "rss", entries, repaired: false } as const;
  return withDocument({ record, fetched, now, ms: 1 }, { feed, encoding: "utf-8", doubtful: false }, "", rules);
}
const ids = ({ feed }: FeedRecord) => feed?.entries.map(({ id }) => id);
const post = (id: string, age?: number) => entry({ id, published: age === undefined ? undefined : NOW - age * DAY });

describe("how many entries of a feed are kept", () => {
  test("the newest, also of those that the feed has no more", () => {
    const first = after(emptyRecord(URL), [post("b", 2), post("c", 3)]);
    expect(ids(after(first, [post("a", 1)]))).toEqual(["a", "b", "c"]);
    expect(ids(after(after(first, [post("a", 1)]), [post("z", 0)]))).toEqual(["z", "a", "b"]);
  });

  test("the first of a feed without dates; those behind them are not new at the next run", () => {
    const document = ["a", "b", "c", "d", "e"].map((id) => post(id));
    const first = after(emptyRecord(URL), document);
    expect(ids(first)).toEqual(["a", "b", "c"]);
    const second = after(first, [post("new"), ...document]);
    expect(ids(second)).toEqual(["new", "a", "b"]);
    expect(second.feed?.entries.map(({ sighting }) => sighting.late)).toEqual([true, false, false]);
  });
});

test("an edit, and another time of the same document, are told apart", () => {
  const first = after(emptyRecord(URL), [post("a", 1)]);
  expect(after(first, [post("a", 1)]).changedAt).toBe(first.changedAt);
  expect(after(first, [{ ...post("a", 1), rights: "x" }]).changedAt).toBeGreaterThan(first.changedAt ?? 0);
});
