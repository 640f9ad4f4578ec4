import { existsSync, rmSync } from "node:fs";
import { cloudIdentity } from "../identity.ts";
import { LocalCloudError } from "../localCloudError.ts";
import { makeDirectory } from "../machine/caller.ts";
import type { ImageName } from "../machine/images.ts";
import { withLock } from "../machine/lock.ts";
import { isAlive, waitForEnd } from "../machine/processes.ts";
import { missingRights, missingRoot } from "../machine/rights.ts";
import type { CloudVersion } from "../world/types.ts";
import { daemonMark } from "./cleanUp.ts";
import { ask, isListening } from "./controlClient.ts";
import { type Places, placesOf } from "./places.ts";
import { runAtTerminal, runMain } from "./privileged.ts";
import { type CloudMode, type DriverName, readSettings, settingsFor, writeSettings } from "./settings.ts";
import { type CloudStatus, cloudStatus } from "./status.ts";

type Progress = (line: string) => void;

export interface StartOptions {
  readonly name: string;
  /** @defaultValue that of the cloud's last start, `vpc` for a new one */
  readonly mode?: CloudMode;
  /** Which Eucalyptus a new cloud is like. @defaultValue `5.1` */
  readonly version?: CloudVersion;
  /** @defaultValue that of the cloud's last start, `nspawn` for a new one */
  readonly driver?: DriverName;
  /** Folder of the checkout that starts it; another one is then refused. */
  readonly owner: string;
  readonly moveDelayMs?: number;
  readonly cutOnMove?: boolean;
  readonly clockFactor?: number;
  readonly onProgress: Progress;
}

/** Built before the first start; the others when the first instance asks for them. */
export const FIRST_IMAGE: ImageName = "debian-12-cloud-init";
/** Ending machines takes up to three seconds each, all at once. */
const STOP_TIMEOUT_MS = 60_000;

/**
 * Starts a cloud and waits until it answers; one that runs already is left as it is, but for `moveDelayMs`, `cutOnMove` and `clockFactor`.
 * @throws {LocalCloudError} when another checkout's cloud of that name runs, rights are missing, or the daemon does not start;
 * then nothing is left running.
 */
export async function startCloud({ name, onProgress, ...asked }: StartOptions): Promise<CloudStatus> {
  cloudIdentity(name); // refuses a bad name before it becomes a folder
  const places = placesOf(name);
  return await locked(places, async () => {
    const now = await cloudStatus(name);
    if (now.running) return await keepRunning(now, asked);
    const before = readSettings(places);
    const settings = settingsFor(asked, before);
    if (settings.driver === "nspawn") {
      requireRights();
      await ensureImage(FIRST_IMAGE, onProgress);
    }
    writeSettings(places, settings);
    try {
      await runMain(["launch", name], { asRoot: settings.driver === "nspawn", failure: "START_FAILED", onProgress });
    } catch (error) {
      if (before !== undefined) writeSettings(places, before); // what was refused is not what the next start asks for
      throw error;
    }
    return await cloudStatus(name);
  });
}

/** Ends all machines and removes namespace, links, rules and mounts. The state is kept: the next start knows what was there. */
export async function stopCloud(name: string, onProgress: Progress): Promise<void> {
  cloudIdentity(name);
  const places = placesOf(name);
  if (!existsSync(places.directory)) return;
  await locked(places, async () => await stop(name, places, onProgress));
}

/** Stops the cloud and forgets all of it: instances, addresses, buckets, credentials, logs. */
export async function resetCloud(name: string, onProgress: Progress): Promise<void> {
  await stopCloud(name, onProgress);
  const places = placesOf(name);
  if (!existsSync(places.directory)) return;
  // A cloud with machines ran as root, so its files are root's.
  const asRoot = readSettings(places)?.driver === "nspawn";
  await runMain(["forget", name], { asRoot, failure: "STOP_FAILED", onProgress });
}

/**
 * A root shell in a server, whether it has a key pair or not, at the caller's terminal.
 * @returns the shell's exit code
 * @throws {LocalCloudError} `NOT_RUNNING`, `NO_MACHINES`, `MISSING_RIGHTS`
 */
export async function openShell(name: string, instanceId: string): Promise<number> {
  const { running, driver } = await cloudStatus(name);
  if (!running) throw new LocalCloudError("NOT_RUNNING", `cloud "${name}" does not run, so no server of it does`);
  if (driver === "none") {
    throw new LocalCloudError(
      "NO_MACHINES",
      `cloud "${name}" has servers in word only: it was started without machines`,
    );
  }
  if (missingRoot().length > 0) {
    const next = "Run this as root, or run `sudo -v` here first, so that sudo asks no question.";
    throw new LocalCloudError("MISSING_RIGHTS", `only root may enter a server\n${next}`);
  }
  return runAtTerminal(["shell", name, instanceId]);
}

/** Builds the image when the cache has none of its recipe. */
export async function ensureImage(image: ImageName, onProgress: Progress): Promise<void> {
  await runMain(["images", image], { asRoot: true, failure: "START_FAILED", onProgress });
}

async function keepRunning(now: CloudStatus, asked: Omit<StartOptions, "name" | "onProgress">): Promise<CloudStatus> {
  const { name, owner, mode, driver, pid } = now;
  if (owner !== asked.owner) {
    throw new LocalCloudError(
      "OTHER_OWNER",
      `cloud "${name}" already runs (process ${pid}), started from the checkout ${owner}; a cloud serves one checkout's stack. Either\n` +
        `- work in ${owner}, or\n` +
        `- look at its stack from here: PULUMI_BACKEND_URL=file://${owner.replace(/\/$/, "")}/.planet/state npx pulumi preview --stack ${name}, or\n` +
        `- delete that planet with its servers, addresses and buckets, and then start here: npx planet cloud reset ${name}`,
    );
  }
  if ((asked.mode ?? mode) !== mode || (asked.driver ?? driver) !== driver) {
    throw new LocalCloudError(
      "START_FAILED",
      `cloud "${name}" already runs in mode ${mode} with driver ${driver}. Stop it first; another mode also needs a reset.`,
    );
  }
  if (asked.version !== undefined && asked.version !== now.version) {
    throw new LocalCloudError(
      "START_FAILED",
      `cloud "${name}" already runs and is not as a Eucalyptus ${asked.version}. Another version needs a reset.`,
    );
  }
  const { moveDelayMs, cutOnMove, clockFactor } = asked;
  if (moveDelayMs === undefined && cutOnMove === undefined && clockFactor === undefined) return now;
  await ask(placesOf(name).controlSocket, "POST", "/settings", { moveDelayMs, cutOnMove, clockFactor });
  return await cloudStatus(name);
}

async function stop(name: string, places: Places, onProgress: Progress): Promise<void> {
  const daemon = daemonMark(places);
  if (daemon && isAlive(daemon) && (await isListening(places.controlSocket))) {
    onProgress(`stopping cloud "${name}"`);
    await ask(places.controlSocket, "POST", "/stop").catch(() => {}); // it may die in this moment: cleaned up below
    if ((await waitForEnd(daemon, STOP_TIMEOUT_MS)) && !existsSync(places.processFile)) return;
  }
  const hasMachines = readSettings(places)?.driver === "nspawn";
  if (!hasMachines && !daemon) return;
  // The daemon was killed or did not end: the same clean-up from outside.
  if (hasMachines) await runMain(["clean", name], { asRoot: true, failure: "STOP_FAILED", onProgress });
  else for (const file of [places.controlSocket, places.processFile]) rmSync(file, { force: true });
}

function requireRights(): void {
  const missing = missingRights();
  if (missing.length === 0) return;
  throw new LocalCloudError(
    "MISSING_RIGHTS",
    `machines cannot boot here. Missing:\n${missing.map((line) => `- ${line}`).join("\n")}\n` +
      "The API alone, with servers in word only, needs none of this: `npx planet cloud start --driver none`.",
  );
}

/** One start or stop of a name at a time. */
async function locked<T>(places: Places, work: () => Promise<T>): Promise<T> {
  makeDirectory(places.directory, 0o700);
  return await withLock(places.lockFile, work);
}
