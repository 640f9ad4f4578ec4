// Runs the benchmark under a Node that is new enough: `npm run bench [-- --runs N --terraform-plugins FOLDER]`.
import { findNode } from "./node.mjs";
import { run } from "./processes.mjs";
import { environment } from "./steps.mjs";

process.exitCode = await run(findNode(), ["bench/main.ts", ...process.argv.slice(2)], environment());
