// Runs one of jest's projects under a Node that is new enough: `node scripts/jest.mjs unit|engine|boot|full-unit|full-clients|full-engine|full-browser|full-boot [jest's options]`.
import { realpathSync } from "node:fs";
import path from "node:path";
import { findNode } from "./node.mjs";
import { CHECKOUT, run } from "./processes.mjs";
import { environment } from "./steps.mjs";

const JEST = path.join(CHECKOUT, "node_modules", "jest", "bin", "jest.js");

/** Jest leaves one core idle by itself. Machines are booted one test file at a time: they share one cloud network. */
const PROJECT_OPTIONS = {
  unit: ["--maxWorkers", "100%"],
  engine: ["--maxWorkers", "2"],
  boot: ["--runInBand", "--verbose"],
  "full-unit": ["--runInBand", "--verbose"],
  "full-clients": ["--runInBand", "--verbose"],
  "full-engine": ["--maxWorkers", "2", "--verbose"],
  "full-browser": ["--runInBand", "--verbose"],
  "full-boot": ["--runInBand", "--verbose"],
};

/**
 * @param {keyof typeof PROJECT_OPTIONS} project
 * @param {readonly string[]} options of jest; a word without dashes chooses test files
 * @returns {Promise<number>} jest's exit code
 */
export function runJest(project, options) {
  // `--ci` last of ours: a word after `--selectProjects` would be taken for one more project.
  const args = ["--selectProjects", project, ...PROJECT_OPTIONS[project], "--ci", ...options];
  return run(findNode(), ["--experimental-vm-modules", JEST, ...args], environment());
}

if (realpathSync(process.argv[1]) === import.meta.filename) {
  const [project, ...options] = process.argv.slice(2);
  process.exitCode = await runJest(project, options);
}
