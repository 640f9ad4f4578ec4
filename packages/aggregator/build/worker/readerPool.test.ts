import { afterEach, describe, expect, test } from "@jest/globals";
import { rssOf } from "../../fetch/testing/feedServer.ts";
import { ReaderPool } from "./readerPool.ts";

let pool: ReaderPool;
afterEach(() => pool.close());

const now = Date.UTC(2026, 5, 1);
const parse = (text: string) =>
  pool.run<"parse">({ kind: "parse", document: { bytes: Buffer.from(text), url: "http://feeds.test/", now } });
const endless = {
  filter: "^(a+)+$",
  entries: [{ title: { kind: "text", value: `${"a".repeat(40)}!` }, categories: [], enclosures: [] }],
} as const;

describe("the reader's thread (real ones)", () => {
  test("parses, and hands a refusal's code back", async () => {
    pool = new ReaderPool();
    expect((await parse(rssOf("a", "b"))).feed.entries).toHaveLength(2);
    await expect(parse("It works!")).rejects.toMatchObject({ name: "FetchError", code: "not-feed" });
  });

  test("a task without end fails alone; those behind it are done", async () => {
    pool = new ReaderPool(5_000);
    const bad = pool.run<"match">({ kind: "match", rules: endless });
    const good = parse(rssOf("a"));
    await expect(bad).rejects.toMatchObject({ code: "worker" });
    expect((await good).feed.entries).toHaveLength(1);
  });
});
