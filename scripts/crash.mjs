// Runs the crash or the fault suite under a Node that is new enough; tests/crash/main.ts says what it takes.
import path from "node:path";
import { findNode } from "./node.mjs";
import { CHECKOUT, run } from "./processes.mjs";
import { environment } from "./steps.mjs";

const main = path.join(CHECKOUT, "tests", "crash", "main.ts");
process.exitCode = await run(findNode(), [main, ...process.argv.slice(2)], environment());
