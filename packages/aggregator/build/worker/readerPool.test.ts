import { afterEach, describe, expect, test } from "@jest/globals";
import { rssOf } from "../../fetch/testing/feedServer.ts";
import { emptyRecord } from "../feedRecord.ts";
import { ReaderPool } from "./readerPool.ts";

let pool: ReaderPool;
afterEach(() => pool.close());

const now = Date.UTC(2026, 5, 1);
const url = "http://feeds.test/";
/** The entries of the record that the document makes. */
async function read(text: string): Promise<unknown> {
  const fetched = { kind: "document", finalUrl: url, status: 200, body: Buffer.from(text), wireBytes: 0 } as const;
  const rules = { keep: 100, ignoreInFeed: [], futureDates: "keep" } as const;
  const facts = { record: emptyRecord(url), fetched, now, ms: 1 };
  const expected = { isReadingList: false, ownFeeds: [], categories: new Set<string>() };
  const stored = await pool.run<"read">({ kind: "read", request: { facts, bodyHash: "", rules, ...expected } });
  return JSON.parse(stored.text).feed.entries;
}
const endless = {
  filter: "^(a+)+$",
  entries: [{ title: { kind: "text", value: `${"a".repeat(40)}!` }, categories: [], enclosures: [] }],
} as const;

describe("the reader's thread (real ones)", () => {
  test("parses, and hands a refusal's code back", async () => {
    pool = new ReaderPool();
    expect(await read(rssOf("a", "b"))).toHaveLength(2);
    await expect(read("It works!")).rejects.toMatchObject({ name: "FetchError", code: "not-feed" });
  });

  test("a task without end fails alone; those behind it are done", async () => {
    pool = new ReaderPool(5_000);
    const bad = pool.run<"match">({ kind: "match", rules: endless });
    const good = read(rssOf("a"));
    await expect(bad).rejects.toMatchObject({ code: "worker" });
    expect(await good).toHaveLength(1);
  });
});
