// `npm run bench -- cloud`: the local cloud beside moto's server: calls whose signature is verified, and the time of a start.
import { parseArgs } from "node:util";
import { median, ratioOf } from "../report.ts";
import { type Rate, rateOf, signedCall } from "./load.ts";
import { type CloudServer, startMoto, startOurs } from "./servers.ts";

/** The claims. */
const CALLS_GOAL = 30;
const START_GOAL_MS = 300;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    /** Of one measurement. */
    seconds: { type: "string", default: "3" },
    /** A Python that has moto with its server. */
    python: { type: "string", default: "python3" },
  },
});
const ACTIONS = ["DescribeRegions", "DescribeInstances", "DescribeAddresses"];
const say = (line: string) => void process.stderr.write(`${line}\n`);

interface Figures {
  readonly starts: number[];
  /** By action. */
  readonly rates: Map<string, Rate[]>;
}

const figures = (): Figures => ({ starts: [], rates: new Map(ACTIONS.map((action) => [action, []])) });
const [ours, theirs] = [figures(), figures()];
for (let run = 1; run <= Number(values.runs); run += 1) {
  say(`run ${run} of ${values.runs}`);
  await measure(await startOurs(), ours);
  const moto = await startMoto(values.python);
  if (typeof moto === "string") say(`No comparison: ${moto}.`);
  else await measure(moto, theirs);
}
report();

/** In turn, run by run: what else the machine does falls on both. */
async function measure(server: CloudServer, into: Figures): Promise<void> {
  into.starts.push(server.startMs);
  const seconds = Number(values.seconds);
  for (const [action, rates] of into.rates) {
    const call = await signedCall(server, action);
    await rateOf(server, call, 500); // both compile or cache at first
    rates.push(await rateOf(server, call, seconds * 1000));
  }
  await server.stop();
}

function report(): void {
  for (const [action, rates] of ours.rates) {
    const others = theirs.rates.get(action) ?? [];
    console.log(action);
    for (const [key, unit] of [
      ["wall", "calls per second"],
      ["cpu", "calls per second of its processor time"],
    ] as const) {
      console.log(
        `  ${line(
          rates.map((rate) => rate[key]),
          others.map((rate) => rate[key]),
          unit,
        )}`,
      );
    }
  }
  const start = median(ours.starts);
  const beside = theirs.starts.length === 0 ? "" : ` beside ${seconds(median(theirs.starts))}`;
  console.log(
    `start\n  ${seconds(start)}${beside}: ${start <= START_GOAL_MS ? "goal met" : `goal missed (${seconds(START_GOAL_MS)})`}`,
  );
}

function line(rates: readonly number[], others: readonly number[], unit: string): string {
  const ratio = ratioOf(rates, others);
  const own = `${median(rates).toFixed(0)} ${unit}`;
  if (ratio === undefined) return own;
  return `${own} beside ${median(others).toFixed(0)}: ${ratio.toFixed(1)} times, ${ratio >= CALLS_GOAL ? "goal met" : `goal missed (${CALLS_GOAL})`}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
