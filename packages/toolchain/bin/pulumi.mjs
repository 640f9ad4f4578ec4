#!/usr/bin/env node
// What `npx pulumi …` runs. Plain JavaScript on purpose: any Node starts it, and it goes on with one that is new enough.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findNode, keepCompiled } from "../../../scripts/node.mjs";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
keepCompiled();
const node = findNode();
if (node === process.execPath) await import("../main.ts");
else {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to the CLI itself; passing it on as well would be the second one, which ends an update hard.
  const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  process.on("SIGINT", () => hasTerminal || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`pulumi: ${node} did not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("close", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : signal === "SIGHUP" ? 129 : 143);
  });
}
