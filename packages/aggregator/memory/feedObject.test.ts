import { expect, test } from "@jest/globals";
import type { ReaderPool } from "../build/worker/readerPool.ts";
import { perform } from "../build/worker/tasks.ts";
import { recallRecord } from "./feedObject.ts";
import { pack } from "./packed.ts";
import type { StoredRecord } from "./storedRecord.ts";

const URL = "http://a.test/feed";
const NOW = Date.UTC(2026, 4, 18, 12);
/** In this thread. */
const readers = { run: perform } as unknown as ReaderPool;

const document = { parser: 2, filters: "f".repeat(64), bytes: 1, feed: { format: "rss", repaired: false } } as const;
const record = (time: number): StoredRecord => ({
  schema: 1,
  url: URL,
  document: { ...document, lastOk: time },
  attempt: { lastTry: time, failures: 0 },
  entries: [
    {
      ...{ sighting: { id: "urn:x:1", seen: NOW, late: true, index: 0 }, at: time, position: 0 },
      parsed: { id: "x", link: "http://a.test/1", categories: [], enclosures: [] },
    },
  ],
  withdrawn: [{ key: "0".repeat(64), at: time, sighting: { seen: NOW, late: true, index: 0 } }],
  wasCut: false,
});
const recall = (stored: StoredRecord) =>
  recallRecord(pack(stored) ?? Buffer.alloc(0), URL, { readers, forgotten: new Set(), now: NOW });

test("what claims to be of a time that is still to come counts for nothing: it would be the latest for ever", async () => {
  expect(await recall(record(NOW + 60_000))).toMatchObject({ stored: record(NOW + 60_000), isWhole: true });
  const { stored, openings, isWhole } = await recall(record(NOW + 86_400_000));
  expect({ openings, isWhole }).toEqual({ openings: [], isWhole: false });
  expect(stored).toEqual({ schema: 1, url: URL, entries: [], withdrawn: [], wasCut: false });
});
