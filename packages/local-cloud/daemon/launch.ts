import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LocalCloudError } from "../localCloudError.ts";
import { giveToCaller } from "../machine/caller.ts";
import { isListening } from "./controlClient.ts";
import { placesOf } from "./places.ts";

/** Starting takes about a second; a machine under load gets more. */
const READY_TIMEOUT_MS = 60_000;

/**
 * Starts the daemon, detached, and waits until its control socket answers.
 * @throws {LocalCloudError} with the end of the daemon's log when it ends instead.
 */
export async function launch(name: string, onProgress: (line: string) => void): Promise<void> {
  const { logFile, controlSocket } = placesOf(name);
  const log = openSync(logFile, "a", 0o600);
  giveToCaller(logFile);
  const before = statSync(logFile).size;
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.ts", import.meta.url)), "serve", name], {
    detached: true,
    cwd: "/", // the checkout's folder, and any other, can be removed while it runs
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isListening(controlSocket))) {
    if (ended || Date.now() > deadline) {
      child.kill();
      const said = readFileSync(logFile).subarray(before).toString().trim();
      throw new LocalCloudError(
        "START_FAILED",
        `cloud "${name}" did not start. Its log ${logFile} ends with:\n${said.split("\n").slice(-15).join("\n")}`,
      );
    }
    await sleep(50);
  }
  child.unref();
  onProgress(`cloud "${name}" runs, process ${child.pid}`);
}
