// `npm run bench -- feeds`: what a run over many feeds costs, new and unchanged, beside other readers, and how it grows.
import { parseArgs } from "node:util";
import { type Cost, measure } from "../measure.ts";
import { median, ratioOf } from "../report.ts";
import { compareArchive } from "./archiveBench.ts";
import { startFeedFarm } from "./feedServer.ts";
import { engine, feedparserPool, newsboat, type Reader } from "./readers.ts";

const { values } = parseArgs({
  options: {
    feeds: { type: "string", default: "855" },
    runs: { type: "string", default: "3" },
    /** For the growth: numbers of feeds, once each. */
    growth: { type: "string", default: "1250,2500,4990" },
    /** So many feeds with an archive of years, a tenth of them with news. */
    archive: { type: "string", default: "200" },
    /** Debian 12's is 18. */
    node: { type: "string", default: process.execPath },
  },
});
const say = (line: string) => void process.stderr.write(`${line}\n`);

if (values.feeds !== "0") await compare(Number(values.feeds), Number(values.runs));
for (const feeds of values.growth.split(",").filter(Boolean).map(Number)) await grow(feeds);

if (values.archive !== "0") {
  const feeds = Number(values.archive);
  await compareArchive(feeds, feeds / 10, Number(values.runs), values.node);
}

interface Costs {
  readonly fresh: Cost[];
  readonly unchanged: Cost[];
}

/** All readers in turn, run by run: what else the machine does falls on each of them. */
async function compare(feeds: number, runs: number): Promise<void> {
  const farm = await startFeedFarm(feeds);
  const all = [await engine(farm.urls, values.node), newsboat(farm.urls), feedparserPool(farm.urls)];
  for (const each of all) if (typeof each === "string") say(`No comparison: ${each}.`);
  const readers = all.filter((each): each is Reader => typeof each !== "string");
  const costs = new Map<Reader, Costs>(readers.map((reader) => [reader, { fresh: [], unchanged: [] }]));
  for (let run = 1; run <= runs; run += 1) {
    say(`run ${run} of ${runs}`);
    for (const [reader, { fresh, unchanged }] of costs) {
      const { first, second } = await twice(reader);
      fresh.push(first);
      unchanged.push(second);
    }
  }
  const [ours] = costs.values();
  for (const kind of ["fresh", "unchanged"] as const) {
    console.log(`${feeds} feeds, ${kind === "fresh" ? "all new" : "nothing has changed"}`);
    for (const [{ name }, each] of costs) console.log(`  ${name.padEnd(11)}${line(each[kind], ours?.[kind] ?? [])}`);
  }
  for (const reader of readers) await reader.remove();
  farm.close();
}

async function grow(feeds: number): Promise<void> {
  const farm = await startFeedFarm(feeds);
  const reader = await engine(farm.urls, values.node);
  const { first, second } = await twice(reader);
  console.log(`${feeds} feeds, all new: ${text([first])}; nothing has changed: ${text([second])}`);
  await reader.remove();
  farm.close();
}

async function twice(reader: Reader): Promise<{ first: Cost; second: Cost }> {
  reader.reset();
  const first = await measure(() => reader.start());
  reader.makeDue();
  return { first, second: await measure(() => reader.start()) };
}

/** Medians, and ours as parts of this reader's. */
function line(costs: readonly Cost[], ours: readonly Cost[]): string {
  if (costs === ours) return text(costs);
  const ratio = (key: keyof Cost) =>
    ratioOf(
      ours.map((each) => each[key]),
      costs.map((each) => each[key]),
    )?.toFixed(2) ?? "";
  return `${text(costs)}; ours is ${ratio("wallMs")}, ${ratio("cpuMs")}, ${ratio("peakBytes")} of it`;
}

function text(costs: readonly Cost[]): string {
  const of = (key: keyof Cost) => median(costs.map((each) => each[key]));
  const seconds = (ms: number) => (ms / 1_000).toFixed(2);
  return `${seconds(of("wallMs"))} s, ${seconds(of("cpuMs"))} s of processor, ${(of("peakBytes") / 1e6).toFixed(0)} MB`;
}
