// Runs the engine's tests under the Node of a server: `npm run test:old-node -- <node> [jest's options]`. Debian 12 has 18.20,
// Debian 13 has 20.19; their package is `nodejs`.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findNode } from "../../scripts/node.mjs";
import { CHECKOUT, run } from "../../scripts/processes.mjs";

const BUNDLE = path.join(CHECKOUT, ".planet", "old-node", "planet.cjs");

/** Reader threads start from it: such a Node runs no TypeScript. */
async function writeBundle() {
  const { buildBundle } = await import("../../packages/aggregator/bundle.ts");
  mkdirSync(path.dirname(BUNDLE), { recursive: true });
  writeFileSync(BUNDLE, (await buildBundle()).bytes);
}

/** @returns {Promise<number>} jest's exit code */
async function runTests(node, options) {
  await writeBundle();
  const jest = path.join(CHECKOUT, "node_modules", "jest", "bin", "jest.js");
  const config = path.join(CHECKOUT, "tests", "oldNode", "jest.config.mjs");
  const args = ["--experimental-vm-modules", jest, "--config", config, "--ci", ...options];
  return run(node, args, { ...process.env, PLANET_BUNDLE: BUNDLE });
}

const [node, ...options] = process.argv.slice(2);
if (node === undefined) {
  console.error("usage: npm run test:old-node -- <path of a server's Node> [jest's options]");
  process.exitCode = 2;
} else if (findNode() === process.execPath) {
  process.exitCode = await runTests(node, options);
} else {
  process.exitCode = await run(findNode(), process.argv.slice(1)); // the bundle is made from TypeScript
}
