// What an archive of years adds to a run: only the months that changed are read and drawn.
import { ArchiveStore } from "../../packages/aggregator/archive/archiveStore.ts";
import { feedKey } from "../../packages/aggregator/archive/keys.ts";
import { monthFrom } from "../../packages/aggregator/archive/mergeMonths.ts";
import type { ArchivedEntry } from "../../packages/aggregator/archive/types.ts";
import { htmlOfText } from "../../packages/aggregator/text/cleanHtml.ts";
import { type Cost, measure } from "../measure.ts";
import { median, ratioOf } from "../report.ts";
import { startFeedFarm } from "./feedServer.ts";
import { engine } from "./readers.ts";

const YEARS = 5;
/** Of one feed in a month: an entry a week. */
const ENTRIES = 4;

/** @param news how many feeds have a new entry in each run */
export async function compareArchive(feeds: number, news: number, runs: number, node: string): Promise<void> {
  const farm = await startFeedFarm(feeds);
  const [without, withArchive] = [await engine(farm.urls, node), await engine(farm.urls, node)];
  for (const each of [without, withArchive]) await measure(() => each.start());
  await plant(withArchive.cache, farm.urls);
  const first = await measure(() => withArchive.start());
  console.log(`${feeds} feeds, an archive of ${YEARS} years drawn for the first time: ${seconds(first.wallMs)}`);
  for (const count of [0, news]) {
    const costs = new Map([without, withArchive].map((each) => [each, [] as Cost[]]));
    for (let run = 0; run < runs; run += 1) {
      farm.publish(count);
      for (const [each, known] of costs) {
        each.makeDue();
        known.push(await measure(() => each.start()));
      }
    }
    const [alone = [], beside = []] = costs.values();
    const wall = (all: readonly Cost[]) => all.map(({ wallMs }) => wallMs);
    const cpu = (all: readonly Cost[]) => all.map(({ cpuMs }) => cpuMs);
    const ratios = [ratioOf(wall(beside), wall(alone)), ratioOf(cpu(beside), cpu(alone))].map((each) =>
      each?.toFixed(2),
    );
    console.log(
      `${feeds} feeds, ${count} with news: ${seconds(median(wall(alone)))} without, ${seconds(median(wall(beside)))} with ` +
        `an archive of ${YEARS} years; ${ratios.join(" of the time, ")} of the processor time`,
    );
  }
  for (const each of [without, withArchive]) await each.remove();
  farm.close();
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** What these feeds would have left in the archive. */
async function plant(cacheDirectory: string, urls: readonly string[]): Promise<void> {
  const store = await ArchiveStore.open(cacheDirectory);
  const today = new Date();
  for (let back = 2; back < YEARS * 12; back += 1) {
    const start = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1);
    const entries = urls.flatMap((url, feed) =>
      Array.from({ length: ENTRIES }, (_, index): ArchivedEntry => {
        const order = start + index * 7 * 86_400_000 + feed * 60_000;
        const link = `http://blog-${feed}.test/old/${back}-${index}`;
        const title = htmlOfText(`What blog ${feed} wrote ${back} months ago, number ${index}`);
        const words = { author: "Somebody", language: "en", categories: ["one", "two", "three"], teaser: "" };
        return {
          id: link,
          at: 0,
          seen: 0,
          index,
          order,
          date: order,
          feed: feedKey(url),
          name: `Blog ${feed}`,
          title,
          link,
          ...words,
        };
      }),
    );
    await store.write(monthFrom(new Date(start).toISOString().slice(0, 7), entries));
  }
  await store.save();
}
