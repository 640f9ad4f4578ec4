import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { withDocument, withFailure } from "../build/feedOutcome.ts";
import { emptyRecord, type FeedRecord } from "../build/feedRecord.ts";
import { DAY, entry, HOUR, NOW } from "../entry/testing/runs.ts";
import { FetchError } from "../fetch/errors.ts";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";
import { pack, unpack } from "./packed.ts";
import { readStoredRecord } from "./readStored.ts";
import { openingsOf, restored } from "./restore.ts";
import { recordName, type StoredRecord, storedForm } from "./storedRecord.ts";

const URL = "http://a.test/feed";
const LOGIN = "http://reader:Geheim-7@a.test/feed";
const filters = "f".repeat(64);
const rules = { keep: 50, ignoreInFeed: [], futureDates: "keep" } as const;
const all: Parameters<typeof storedForm>[1] = { mayShow: () => true, filters, allowHosts: [] };

function after(
  record: FeedRecord,
  entries: readonly ParsedEntry[],
  { finalUrl = record.url, ...feed }: Partial<ParsedFeed> & { finalUrl?: string } = {},
): FeedRecord {
  const now = (record.lastOk ?? NOW) + HOUR;
  const validators = { url: finalUrl, etag: '"1"' };
  const fetched = {
    kind: "document",
    finalUrl,
    status: 200,
    body: Buffer.from("x"),
    wireBytes: 1,
    validators,
  } as const;
  const document = {
    feed: { format: "rss", entries, repaired: false, ...feed },
    encoding: "utf-8",
    doubtful: false,
  } as const;
  return withDocument({ record, fetched, now, ms: 1 }, document, "b".repeat(64), rules);
}
const post = (name: string, facts: Parameters<typeof entry>[0] = {}) =>
  entry({ id: `http://a.test/${name}`, link: `http://a.test/${name}`, name, text: `text of ${name}`, ...facts });

/** As the next server reads it from the bucket. */
function throughBucket(stored: StoredRecord | undefined): StoredRecord {
  const bytes = pack(stored);
  if (bytes === undefined) throw new Error("too large");
  return readStoredRecord(unpack(bytes, 1));
}

function recalled(stored: StoredRecord, local = emptyRecord(URL), now = NOW + DAY, filter = filters): FeedRecord {
  return restored(local, stored, { openings: openingsOf(stored), rules, filters: filter, now });
}
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("a record that went through the bucket", () => {
  const home = { link: "http://a.test/", title: { kind: "text", value: "A" } } as const;
  const two = after(after(emptyRecord(URL), [post("b", { published: NOW - DAY }), post("c")], home), [post("a")], home);

  test("is the same to the next server, so that the same document is no change", () => {
    const { ms: _ms, wholeAt: _at, http: _http, ...before } = two;
    const { ms: _none, http: _other, wholeAt, ...back } = recalled(throughBucket(storedForm(two, all)));
    expect(plain(back)).toEqual(plain(before));
    expect(wholeAt).toBeGreaterThan(NOW - DAY);
    const next = after(recalled(throughBucket(storedForm(two, all))), [post("a")], home);
    expect(next.changedAt).toBe(two.changedAt);
  });

  test("joined with what a server knows itself changes nothing that it knows", () => {
    expect(plain(recalled(throughBucket(storedForm(two, all)), two))).toEqual(plain(two));
  });

  test("brings a server that has read the feed anew the entries that are pushed out, and their places", () => {
    const fresh = after({ ...emptyRecord(URL), lastOk: NOW + 5 * HOUR }, [post("a"), post("new")], home);
    const both = recalled(throughBucket(storedForm(two, all)), fresh);
    expect(both.feed?.entries.map(({ title, listed }) => [title?.value, listed])).toEqual([
      ["a", true],
      ["new", true],
      ["b", false],
      ["c", false],
    ]);
    expect(both.feed?.entries[0]?.sighting.seen).toBe(two.feed?.entries[0]?.sighting.seen);
    expect(both.lastOk).toBe(fresh.lastOk);
  });

  test("with other filters is asked for again without conditions", () => {
    expect(recalled(throughBucket(storedForm(two, all)))).toMatchObject({ validators: { etag: '"1"' } });
    const other = recalled(throughBucket(storedForm(two, all)), emptyRecord(URL), NOW + DAY, "e".repeat(64));
    expect(other).toMatchObject({ validators: undefined, bodyHash: undefined });
  });

  test("does not bring back what its author took back", () => {
    const gone = post("gone", { published: NOW - HOUR });
    const first = after(emptyRecord(URL), [post("a"), gone, post("c", { published: NOW - DAY })]);
    const stored = throughBucket(storedForm(first, all));
    const second = after(first, [post("a"), post("c", { published: NOW - DAY })]);
    const names = (record: FeedRecord) => record.feed?.entries.map(({ title }) => title?.value);
    expect(names(second)).toEqual(["a", "c"]);
    expect(names(recalled(stored, second))).toEqual(["a", "c"]);
    const again = after(second, [post("a"), gone, post("c", { published: NOW - DAY })]);
    expect(names(recalled(throughBucket(storedForm(second, all)), again))).toEqual(["a", "gone", "c"]);
  });

  test("keeps that a feed fails and since when, to the minute of the next attempt", () => {
    const fetched = { kind: "failed", finalUrl: URL, wireBytes: 0 } as const;
    const failing = withFailure({ record: two, fetched, now: NOW + DAY, ms: 1 }, new FetchError("dns", "no such host"));
    const back = recalled(throughBucket(storedForm(failing, all)), emptyRecord(URL), NOW + DAY);
    expect(back).toMatchObject({
      failures: 1,
      failure: { code: "dns", since: NOW + DAY, message: "seen by another server" },
      nextTry: failing.nextTry,
    });
  });
});

describe("what is never stored", () => {
  const stored = (record: FeedRecord, extra: Partial<typeof all> = {}) =>
    JSON.stringify(throughBucket(storedForm(record, { ...all, ...extra })));

  test("the texts of an entry that may not be shown", () => {
    const record = after(emptyRecord(URL), [post("shown"), post("held-back")]);
    const hidden = record.feed?.entries[1]?.sighting.id;
    const text = stored(record, { mayShow: (id) => id !== hidden });
    expect(text).toContain("text of shown");
    expect(text).not.toContain("held-back");
  });

  test("the text of an error", () => {
    const fetched = { kind: "failed", finalUrl: URL, wireBytes: 0 } as const;
    const error = new FetchError("connect", "db.corp.example refused the connection");
    const text = stored(withFailure({ record: emptyRecord(URL), fetched, now: NOW, ms: 1 }, error));
    expect(text).toContain('"code":"connect"');
    expect(text).not.toContain("refused");
  });

  test("a password of the feed's address, also where the feed's own links have it", () => {
    const linked = post("a", { text: `<a href="http://reader:Geheim-7@a.test/x">x</a> for reader` });
    const record = after(emptyRecord(LOGIN), [{ ...linked, id: "http://reader:Geheim-7@a.test/1" }]);
    const content = { kind: "html", value: "<a href=y>", base: LOGIN } as const;
    const based = after(record, [{ ...post("b"), content }, linked]);
    const text = stored({ ...based, moved: { url: `${LOGIN}/new`, times: 1 } });
    expect(text).not.toContain("Geheim-7");
    expect(text).toContain("http://a.test/feed/new");
    expect(recordName(LOGIN)).toBe(recordName(URL));
  });

  test.each(["10.1.2.3", "wiki", "wiki.local", "[fd00::1]", "news.firm.example", "a.inner.firm.example"])(
    "that a feed leads to %s inside",
    (host) => {
      const record = after(emptyRecord(URL), [post("a")], { finalUrl: `http://${host}/feed` });
      const moved = { ...record, moved: { url: `http://${host}/feed`, times: 3 } };
      const text = stored(moved, { allowHosts: ["news.firm.example", "*.inner.firm.example"] });
      expect(text).not.toContain(host.replace(/[[\]]/g, ""));
      expect(stored(after(emptyRecord(URL), [], { finalUrl: "http://b.example/feed" }))).toContain(
        "http://b.example/feed",
      );
    },
  );

  test("an entry that no reader would take", () => {
    const record = after(emptyRecord(URL), [post("a", { link: `http://a.test/${"x".repeat(20_000)}` }), post("b")]);
    expect(throughBucket(storedForm(record, all)).entries.map(({ parsed }) => parsed.title?.value)).toEqual(["b"]);
  });
});

describe("whoever has the permit may write what he likes", () => {
  const good = plain(storedForm(after(emptyRecord(URL), [post("a")]), all));
  const [first] = good.entries;
  const withParsed = (parsed: object) => ({ ...good, entries: [{ ...first, parsed: { ...first.parsed, ...parsed } }] });

  test.each<[string, () => unknown]>([
    ["no object", () => 7],
    ["without entries", () => ({ ...good, entries: undefined })],
    ["of another schema", () => ({ ...good, schema: 0 })],
    ["with a script as link", () => withParsed({ link: "javascript:alert(1)" })],
    ["with a file's address", () => withParsed({ image: "file:///etc/passwd" })],
    ["with a password in an address", () => withParsed({ link: "http://a:b@c.test/" })],
    ["with a text that is none", () => withParsed({ content: { kind: "html", value: 7 } })],
    ["with a text of a kind that is none", () => withParsed({ content: { kind: "raw", value: "x" } })],
    ["with a text without end", () => withParsed({ content: { kind: "html", value: "x".repeat(700_000) } })],
    ["with a time that is none", () => ({ ...good, entries: [{ ...first, at: "now" }] })],
    ["with more entries than any feed", () => ({ ...good, entries: Array.from({ length: 2_001 }, () => first) })],
    [
      "with a failure of its own",
      () => ({ ...good, attempt: { lastTry: 1, failures: 1, failure: { code: "<b>", since: 1 } } }),
    ],
  ])("a record %s is refused", (_, value) => {
    expect(() => readStoredRecord(plain(value()))).toThrow(expect.objectContaining({ code: "STORED_FORM" }));
  });

  test("what it does not know it leaves out", () => {
    expect(readStoredRecord({ ...good, extra: 1, __proto__: { x: 1 } })).toEqual(good);
  });

  test("nobody can plant a feed that is never asked again, or that is asked elsewhere", () => {
    const far = 8e15;
    const attempt = {
      lastTry: far,
      nextTry: far,
      hostBusyUntil: far,
      failures: 0,
      moved: { url: "http://evil.test/", times: 9 },
    };
    const planted = { ...good, attempt, document: { ...good.document, lastOk: far, changedAt: far } };
    const back = recalled(readStoredRecord(planted));
    const latest = NOW + DAY;
    expect(back).toMatchObject({ lastOk: latest, lastTry: latest, changedAt: latest, hostBusyUntil: latest + DAY });
    expect(back).toMatchObject({ nextTry: undefined, moved: { times: 2 } });
    expect(recalled({ ...planted, attempt: { ...attempt, moved: undefined } as never }).nextTry).toBe(latest + DAY);
  });
});

describe("an object", () => {
  const packed = pack({ schema: 1 }) ?? Buffer.alloc(0);
  test.each<[string, () => Uint8Array | undefined, string]>([
    ["cut", () => packed.subarray(0, packed.length - 3), "UNREADABLE"],
    ["foreign", () => Buffer.from("<html>"), "UNREADABLE"],
    ["huge", () => Buffer.alloc(4 * 1024 * 1024 + 1), "UNREADABLE"],
    ["that unpacks without end", () => gzipSync(Buffer.alloc(33 * 1024 * 1024, " ")), "UNREADABLE"],
    ["of a newer schema", () => pack({ schema: 2 }), "NEWER"],
  ])("%s is not read", (_, bytes, code) => {
    expect(() => unpack(bytes() ?? packed, 1)).toThrow(expect.objectContaining({ code }));
  });

  test("is the same bytes for the same content", () => expect(pack({ schema: 1 })?.equals(packed)).toBe(true));
  test("that nobody could read again is not made", () => expect(pack("x".repeat(34_000_000))).toBeUndefined());
});
