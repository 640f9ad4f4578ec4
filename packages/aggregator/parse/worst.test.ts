import { describe, expect, test } from "@jest/globals";
import { parseDocument } from "./parseDocument.ts";
import { WORST } from "./testdata/worst.ts";

const now = Date.UTC(2026, 5, 1);

describe("time to read a document (proves growth; not that it is fast)", () => {
  test.each(Object.entries(WORST))(
    "four times %s costs at most ten times as much",
    async (_, [before, piece, after]) => {
      const cost = (length: number) => cpuTime(before + piece.repeat(length / piece.length) + after);
      const [once, more] = [await cost(50_000), await cost(200_000)];
      expect(more).toBeLessThan(10 * Math.max(once, 5));
    },
  );
});

/** In milliseconds, the best of three. */
async function cpuTime(document: string): Promise<number> {
  const bytes = Buffer.from(document, "latin1");
  const runs: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const start = process.cpuUsage();
    await parseDocument({ bytes, url: "http://feeds.test/feed", now }).catch(() => undefined); // most are no feeds
    const { user, system } = process.cpuUsage(start);
    runs.push((user + system) / 1_000);
  }
  return Math.min(...runs);
}
