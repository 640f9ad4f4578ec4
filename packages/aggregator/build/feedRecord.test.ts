import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { FeedRecords } from "./feedRecord.ts";
import { temporaryFolder } from "./testing/sampleSite.ts";

const URL = "http://a.test/feed";
const SEEN = Date.UTC(2026, 4, 17);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.clean());

/** Reads a record's file of these words. */
async function read(text: string) {
  const directory = join(folder.path, "cache");
  await mkdir(directory, { recursive: true });
  const name = createHash("sha256").update(URL).digest("hex").slice(0, 32);
  await writeFile(join(directory, `${name}.json`), text);
  return new FeedRecords(directory).load(URL);
}

const entry = (facts: object) => ({ categories: [], enclosures: [], ...facts });
const first = (entries: readonly object[], firstSeen: object = {}) =>
  JSON.stringify({
    schema: 1,
    url: URL,
    sourceUrl: URL,
    bodyHash: "x",
    validators: { etag: '"1"' },
    lastOk: SEEN,
    bytes: 1,
    failures: 0,
    ms: 1,
    firstSeen,
    feed: { format: "rss", repaired: false, entries },
  });

describe("a record of the engine before", () => {
  const hashed = (key: string) => `urn:sha256:${createHash("sha256").update(`${URL}\n${key}`).digest("hex")}`;

  test("keeps the entries with the ids that were published, and the times of later ones", async () => {
    const entries = [
      entry({ id: "p1", link: "http://a.test/1" }),
      entry({ id: "http://a.test/2", published: 5 }),
      entry({ link: "http://a.test/3" }),
    ];
    const { feed } = await read(first(entries, { "p1 http://a.test/1": SEEN - 5 }));
    expect(feed?.entries.map(({ sighting }) => sighting)).toMatchObject([
      { id: hashed("p1 http://a.test/1"), seen: SEEN - 5, late: true },
      { id: "http://a.test/2", seen: SEEN, late: false, published: 5 },
      { id: hashed("http://a.test/3"), seen: SEEN, late: false },
    ]);
  });

  test("that gave one id to several keeps it for the first", async () => {
    const entries = [1, 2].map((n) => entry({ id: "http://a.test/", link: `http://a.test/${n}` }));
    const { feed } = await read(first(entries));
    expect(feed?.entries.map(({ sighting }) => sighting.id)).toEqual([
      "http://a.test/",
      hashed("http://a.test/ http://a.test/2"),
    ]);
  });

  test("is asked for again without conditions, since the parser is another", async () => {
    expect(await read(first([]))).toMatchObject({ validators: undefined, bodyHash: undefined, lastOk: SEEN });
  });
});

test.each([
  ["cut", '{"schema":2,"url"'],
  ["of a later form", JSON.stringify({ schema: 99, url: URL, feed: { entries: [] } })],
  ["of another feed", first([]).replaceAll(URL, "http://b.test/")],
  ["that is no object", "null"],
  ["with entries that are none", JSON.stringify({ schema: 2, parser: 2, url: URL, feed: { entries: [null] } })],
  [
    "with entries without a sighting",
    JSON.stringify({ schema: 2, parser: 2, url: URL, feed: { entries: [entry({})] } }),
  ],
  ["without a list of entries", JSON.stringify({ schema: 2, parser: 2, url: URL, feed: {} })],
  ["of the engine before, without times", first([]).replace('"firstSeen":{}', '"firstSeen":null')],
  ["of the engine before, without entries", first([]).replace("[]", "7")],
])("a record %s counts as none", async (_, text) => {
  expect(await read(text)).toEqual(new FeedRecords(join(folder.path, "nothing")).load(URL));
});
