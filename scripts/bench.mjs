// Runs a benchmark under a Node that is new enough: `npm run bench [-- stack|feeds|cloud] [its options]`; without a word, the stack.
import { findNode } from "./node.mjs";
import { run } from "./processes.mjs";
import { environment } from "./steps.mjs";

const BENCHMARKS = {
  stack: "bench/stackBench.ts",
  feeds: "bench/feeds/feedsBench.ts",
  cloud: "bench/cloud/cloudBench.ts",
};

const args = process.argv.slice(2);
const subject = Object.hasOwn(BENCHMARKS, args[0] ?? "") ? args.shift() : "stack";
process.exitCode = await run(findNode(), [BENCHMARKS[subject], ...args], environment());
