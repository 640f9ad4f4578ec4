// npm run test:crash -- [--suite crash|faults] [--shard i/n] [--seed s] [--minutes m] [--filter <beginning of an id>]
//
// Runs the points of a suite that this commit has no result of, and adds each result to .planet/crash/. Ends with a table
// and, for each failure, the command that repeats it. With a filter, finished points are run again.
import { parseArgs } from "node:util";
import { describeFailures, latest, tableOf } from "./report.ts";
import { ResultsFile } from "./results.ts";
import { runSuite, type SuiteOptions } from "./runSuite.ts";

/** @throws {RangeError} for words that mean nothing. */
export function readOptions(args: readonly string[]): SuiteOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      suite: { type: "string", default: "crash" },
      shard: { type: "string", default: "1/1" },
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "100000" },
      filter: { type: "string", default: "" },
    },
  });
  const { suite, seed, filter } = values;
  if (suite !== "crash" && suite !== "faults") throw new RangeError(`--suite is crash or faults, not "${suite}"`);
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(values.shard) ?? []).map(Number);
  if (!index || !count || index > count)
    throw new RangeError(`--shard is i/n with i from 1 to n, not "${values.shard}"`);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new RangeError(`--minutes is a number above 0, not "${values.minutes}"`);
  return { suite, shard: { index, count }, seed, filter, minutes };
}

/** @returns the exit code: 1 when a point failed. */
export async function main(args: readonly string[], say: (line: string) => void): Promise<number> {
  const options = readOptions(args);
  const file = new ResultsFile(options.suite);
  const stop = stopOnSignals(say);
  const finished = new Set(options.filter === "" ? file.read().map(({ id }) => id) : []);
  await runSuite(options, {
    isFinished: (id) => finished.has(id),
    add: (result) => file.add(result),
    isStopped: () => stop.isWanted,
    say,
    now: () => performance.now(),
  });
  const results = latest(file.read()).filter(({ id }) => id.startsWith(options.filter));
  say(`\n${describeFailures(results)}\n${tableOf(results)}\nAll results: ${file.path}`);
  return results.some(({ verdict }) => verdict === "failed") ? 1 : 0;
}

/** So that no machine and no folder is left behind. A second signal ends it hard. */
function stopOnSignals(say: (line: string) => void): { isWanted: boolean } {
  const stop = { isWanted: false };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      stop.isWanted = true;
      say("ends after this point; the same command goes on from there");
    });
  }
  return stop;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), (line) => console.log(line));
