import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { FORGOTTEN, writePermit } from "@planet/content";
import { FeedRecords } from "../build/feedRecord.ts";
import { configOf } from "../build/testing/sampleSite.ts";
import type { ReaderPool } from "../build/worker/readerPool.ts";
import type { Bucket, BucketAnswer } from "../sync/bucket.ts";
import { readSettings } from "../sync/settings.ts";
import { Memory } from "./memory.ts";

const NOON = new Date("2026-05-18T12:00:00Z");
const NOTHING: BucketAnswer = { state: "missing", reason: "http 404", code: "NoSuchKey" };
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "planet-memory-"));
  const permit = { bucketUrl: "http://127.0.0.1:9/planet", bucket: "planet", prefix: "memory/", accessKeyId: "AK" };
  writeFileSync(join(home, "memory"), writePermit({ ...permit, signature: `${"A".repeat(27)}=` }));
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(home, { recursive: true });
});

const settings = (more: Record<string, string> = {}) =>
  readSettings({
    PLANET_BUCKET_URL: "http://127.0.0.1:9/planet",
    PLANET_STACK: "local",
    PLANET_RELEASE: "0a1b2c3d",
    PLANET_HOME: home,
    CREDENTIALS_DIRECTORY: home,
    ...more,
  });
const planet = configOf(`[Planet]\n${Array.from({ length: 20 }, (_, n) => `[http://a.test/${n}]\n`).join("")}`);

/** A server's memory on a storage that answers so; `asked` gets the names. */
function open(answer: (name: string) => BucketAnswer | Promise<BucketAnswer>, asked: string[] = [], now = NOON) {
  const bucket: Bucket = {
    read: async (name) => {
      asked.push(name);
      return answer(name);
    },
    close: () => undefined,
  };
  const pause = async () => undefined;
  return Memory.open({ settings: settings(), bucket, now: () => now, pause, log: () => undefined, hasPage: true });
}
const recall = (memory: Memory) =>
  memory.recall(planet, { records: new FeedRecords(join(home, "cache")), readers: {} as ReaderPool });

describe("a storage that is down", () => {
  const down: BucketAnswer = { state: "failed", reason: "http 503" };

  test("is given up after a few questions, and reported since the first time until it is back", async () => {
    const asked: string[] = [];
    const memory = await open((name) => (name === FORGOTTEN ? NOTHING : down), asked);
    await recall(memory);
    expect(asked.length).toBeLessThan(10);
    const since = NOON.toISOString();
    expect(memory.report()).toMatchObject({
      state: "degraded",
      since,
      message: expect.stringMatching(/^memory\/feeds\/.*503/),
    });
    expect(memory.notices()).toMatchObject([{ code: "memory-unreadable" }]);
    await memory.close();
    const later = new Date(NOON.getTime() + 300_000);
    const next = await open((name) => (name === FORGOTTEN ? NOTHING : down), [], later);
    expect(next.report()).toMatchObject({ state: "degraded", since });
    // What could not be read is read now, though the feeds were asked meanwhile.
    expect([next.isMissed("http://a.test/0"), next.isMissed("http://a.test/19")]).toEqual([true, true]);
    await recall(next);
    expect(next.report()).toMatchObject({ state: "degraded", since });
    await next.close();
    const last = await open(() => NOTHING);
    await recall(last);
    expect(last.isMissed("http://a.test/0")).toBe(false);
    await last.close();
    expect((await open(() => NOTHING)).report()).toMatchObject({ state: "on", feeds: 0, months: 0 });
  });

  test("makes the first page wait for a minute and no longer", async () => {
    const memory = await open((name) => (name === FORGOTTEN ? NOTHING : new Promise(() => undefined)));
    jest.useFakeTimers();
    const waiting = recall(memory);
    let isDone = false;
    void waiting.then(() => {
      isDone = true;
    });
    await jest.advanceTimersByTimeAsync(59_000);
    expect(isDone).toBe(false);
    await jest.advanceTimersByTimeAsync(2_000);
    await waiting;
    expect(memory.report()).toMatchObject({ state: "degraded", message: "it takes longer than 60 s to read" });
    // Reading lists and feeds have one minute together.
    await recall(memory);
  });

  test("that does not say what is to be forgotten brings nothing back, and stores nothing", async () => {
    for (const answer of [down, { state: "missing", reason: "http 404" } as const]) {
      const asked: string[] = [];
      const memory = await open(() => answer, asked);
      await recall(memory);
      await memory.keep();
      expect(asked).toEqual([FORGOTTEN]);
      expect(memory.report()).toMatchObject({ state: "degraded", message: `forgotten.json: ${answer.reason}` });
    }
  });
});

test.each(["{", '{"schema":1,"hashes":["x"]}', '{"schema":1}'])(
  "a list of what is to be forgotten that is %s changes nothing, and is reported",
  async (text) => {
    const hash = "a".repeat(64);
    const answers = [JSON.stringify({ schema: 1, hashes: [hash] }), text].map((body): BucketAnswer => {
      const facts = { etag: undefined, modified: undefined, date: undefined, sha256: "" };
      return { ...facts, state: "ok", bytes: Buffer.from(body) };
    });
    for (const answer of answers) {
      const memory = await open(() => answer);
      expect([...memory.forgotten]).toEqual([hash]);
      expect(memory.report().state).toBe(answer === answers[0] ? "on" : "degraded");
      if (answer === answers[0]) await memory.close();
    }
  },
);

test("a permit that is none is reported without a word of it", async () => {
  writeFileSync(join(home, "memory"), '{"signature":"Geheim"}');
  const report = (await open(() => NOTHING)).report();
  expect(report).toMatchObject({ state: "degraded", message: expect.stringContaining("cannot be used") });
  expect(JSON.stringify(report)).not.toContain("Geheim");
});
