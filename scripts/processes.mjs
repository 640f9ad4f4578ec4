// Small helpers around child processes. Plain JavaScript for Node 20.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
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
 * @returns {Promise<number>} its exit code; 128 + n when a signal ended it.
 */
export function run(program, args, environment = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: CHECKOUT, stdio: "inherit", env: environment });
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
