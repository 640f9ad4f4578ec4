#!/usr/bin/env node
// Plain JavaScript on purpose: `npx planet` starts it with whatever Node the machine has, it goes on with the one we pin.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findNode, keepCompiled } from "../../../scripts/node.mjs";

keepCompiled();
const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const child = spawn(findNode(), [main, ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("close", (code, signal) => {
  process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
});
