// Small helpers around child processes. Plain JavaScript for Node 20.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";

/** The checkout that this script belongs to. */
export const CHECKOUT = path.resolve(import.meta.dirname, "..");

/** A failure that is already explained: its message is all that the user needs. */
export class SetupError extends Error {}

/**
 * Runs a program with our own terminal.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @param {import("node:child_process").StdioOptions} [stdio]
 * @returns {Promise<number>} its exit code; 128 + n when a signal ended it.
 */
export function run(program, args, environment = process.env, stdio = "inherit") {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: CHECKOUT, stdio, env: environment });
    // The terminal sends Ctrl-C to the child as well; we only stay until it has ended.
    const stay = () => undefined;
    process.on("SIGINT", stay);
    const pass = () => child.kill("SIGTERM");
    process.on("SIGTERM", pass);
    child.on("error", (error) => reject(new SetupError(`${program} did not start: ${error.message}`)));
    child.on("close", (code, signal) => {
      process.off("SIGINT", stay);
      process.off("SIGTERM", pass);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/** In the checkout: what the programs of the last set-up have printed. */
export const LOG = path.join(".planet", "setup.log");
/** So much of it is shown when one fails. */
const SHOWN_LINES = 15;

/**
 * Runs a program whose output goes to {@link LOG}: a page of it would push what matters out of sight.
 * @throws {SetupError} with its last words.
 */
export async function runLogged(program, args) {
  const file = path.join(CHECKOUT, LOG);
  mkdirSync(path.dirname(file), { recursive: true });
  const log = openSync(file, "a");
  const begin = fstatSync(log).size;
  writeSync(log, `$ ${[program, ...args].join(" ")}\n`);
  try {
    const code = await run(program, args, process.env, ["ignore", log, log]);
    if (code === 0) return;
    const said = readFileSync(file).subarray(begin).toString().trim().split("\n").slice(-SHOWN_LINES);
    throw new SetupError(
      `${said.join("\n")}\n\n${path.basename(program)} failed (exit code ${code}); all of it is in ${LOG}`,
    );
  } finally {
    closeSync(log);
  }
}

/** Whether a program ends with success, silently. */
export function succeeds(program, args) {
  return spawnSync(program, args, { cwd: CHECKOUT, stdio: "ignore" }).status === 0;
}

/** Whether a command exists; also where only root's PATH leads. */
export function hasCommand(name) {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => folder !== "" && existsSync(path.join(folder, name)));
}

/** True for root. */
export function isRoot() {
  return process.getuid?.() === 0;
}

/** Puts `sudo -n` in front where we are not root: it never asks, it works or fails. */
export function asRoot(command) {
  return isRoot() ? command : ["sudo", "-n", ...command];
}
