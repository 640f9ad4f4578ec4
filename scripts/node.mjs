// Finds the Node that runs this project. Plain JavaScript for Node 20: what needs a newer one starts here.
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

/** First release that runs TypeScript files as they are, without a flag (Node's changelog, 22.18.0). */
const OLDEST = [22, 18];

/**
 * @returns {string} path of a Node that is new enough: the running one, else the one that npm installed with the project.
 * @throws {Error} when neither is.
 */
export function findNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;

  const installed = fileURLToPath(
    new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
  );
  if (existsSync(installed)) return installed;
  throw new Error(
    `Node ${process.versions.node} is older than ${OLDEST.join(".")}, and ${installed} is missing.\n` +
      "Run `npm start` once: it installs the project's own Node beside its other dependencies.",
  );
}

const COMPILED = fileURLToPath(new URL("../.planet/compiled", import.meta.url));

/** Makes this Node, and each that it starts, keep what it compiles: the next command starts in two thirds of the time. */
export function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  module.enableCompileCache?.(); // not in Node 20, which only starts the newer one
}
