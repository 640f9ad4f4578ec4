// What `npm start`, `npm stop`, `npm run clean` and `npm test` run. Plain JavaScript on purpose: it works on a fresh
// machine with Node 20 and no node_modules.
import { rmSync } from "node:fs";
import path from "node:path";
import { clean } from "./clean.mjs";
import { CHECKOUT, LOG, SetupError } from "./processes.mjs";
import { runTests } from "./runTests.mjs";
import { BROWSER, debianPackages, dependencies, image, planet, rights, toolchain } from "./steps.mjs";

const VERBS = {
  async start() {
    await getReady();
    return planet("start");
  },
  stop: () => planet("cloud", "stop"),
  async clean() {
    await clean();
    return 0;
  },
  test: (args) => test({ full: false }, args),
  "test-full": (args) => test({ full: true }, args),
};

async function test(scope, args) {
  let counts;
  try {
    await getReady();
    if (scope.full) await debianPackages(BROWSER);
    counts = await runTests(scope, args);
  } catch (error) {
    explain(error);
    counts = { passed: 0, failed: 1 };
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 ? 0 : 1;
}

async function getReady() {
  rights();
  rmSync(path.join(CHECKOUT, LOG), { force: true });
  await dependencies();
  await debianPackages();
  await toolchain();
  await image();
}

/** Our own refusals are sentences; anything else is a defect, and its trace is wanted. */
function explain(error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
}

const [verb, ...args] = process.argv.slice(2);
if (verb === undefined || !Object.hasOwn(VERBS, verb)) {
  console.error(`usage: node scripts/setup.mjs ${Object.keys(VERBS).join("|")}`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await VERBS[verb](args);
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
}
