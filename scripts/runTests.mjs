// All checks and all tests, and one line at the end that says how they went. Plain JavaScript for Node 20.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runJest } from "./jest.mjs";
import { CHECKOUT, run } from "./processes.mjs";
import { environment } from "./steps.mjs";

const EACH_TIME = ["unit", "engine", "boot"];
const FULL = ["full-unit", "full-clients", "full-engine", "full-browser", "full-boot"];

/**
 * Runs `npm run check`, then jest's projects. Extra arguments go to jest.
 * @param {{full: boolean}} scope full: also the tests that take too long for each change
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function runTests({ full }, args) {
  const projects = full ? [...EACH_TIME, ...FULL] : EACH_TIME;
  const checked = (await run("npm", ["run", "check"], environment())) === 0;
  const counts = [checked ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }];
  for (const project of projects) counts.push(await runProject(project, args));
  if (!full) sayWhatIsLeft();
  return counts.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }));
}

function sayWhatIsLeft() {
  const files = ["components", "packages", "tests"].flatMap((folder) =>
    readdirSync(path.join(CHECKOUT, folder), { recursive: true }).map((file) => path.join(folder, file)),
  );
  const left = files.filter((file) => /\.full\.(\w+\.)?test\.ts$/.test(file) && !file.includes("node_modules"));
  console.log(["", "Left to `npm run test:full`:", ...left.sort().map((file) => `  ${file}`), ""].join("\n"));
}

async function runProject(project, extra) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "planet-test-"));
  const report = path.join(folder, "report.json");
  try {
    const code = await runJest(project, ["--json", "--outputFile", report, ...extra]);
    return count(JSON.parse(readFileSync(report, "utf8")), code);
  } catch (error) {
    console.error(`the "${project}" tests did not run to their end: ${error.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that does not even load is a failure, and so is a test that was skipped: a gap is not a pass. */
export function count(report, exitCode) {
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.error(`${skipped} tests were skipped; each counts as failed`);
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites + skipped;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
