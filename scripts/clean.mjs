// Removes what this project has made on this machine outside of git. Plain JavaScript for Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { asRoot, CHECKOUT, run, SetupError } from "./processes.mjs";
import { planet } from "./steps.mjs";

/**
 * What all checkouts share, where packages/local-cloud and packages/toolchain keep it: tests/sharedPlaces.test.ts compares.
 * @param {NodeJS.ProcessEnv} environment
 */
export function sharedPlaces(environment) {
  const home = os.homedir();
  const state = path.join(environment.XDG_STATE_HOME || path.join(home, ".local", "state"), "planet");
  const cache = path.join(environment.XDG_CACHE_HOME || path.join(home, ".cache"), "planet");
  return {
    state,
    clouds: path.join(state, "clouds"),
    cache,
    cliCache: path.join(cache, "pulumi"),
    imageLock: path.join(cache, "images", "lock"),
  };
}

const { state, clouds, cache, cliCache, imageLock } = sharedPlaces(process.env);

const FOLDERS = [
  { folder: state, holds: "local clouds with their buckets, disks and logs" },
  {
    folder: cache,
    holds: "images and the Pulumi CLI, shared by all checkouts",
  },
  { folder: path.join(CHECKOUT, ".planet"), holds: "stack state and toolchain of this checkout" },
];

/** As the local cloud checks names (packages/local-cloud/identity.ts); beside the clouds lie their locks, `.<name>.lock`. */
export const CLOUD_NAME = /^[a-z][a-z0-9-]{0,19}$/;

/** Stops every local cloud, then removes their state, the caches and this checkout's `.planet`. */
export async function clean() {
  refuseWhileBuilding();
  await stopClouds();
  for (const { folder, holds } of FOLDERS) {
    if (!existsSync(folder)) continue;
    console.log(`• removes ${folder}: ${holds}`);
    // Disks of machines belong to root. `--one-file-system`: never into a disk that is still mounted.
    const [program, ...args] = asRoot(["rm", "-rf", "--one-file-system", "--", folder]);
    const code = await run(program, args);
    if (code !== 0) throw new SetupError(`${folder} could not be removed (exit code ${code})`);
  }
}

async function stopClouds() {
  const entries = existsSync(clouds) ? readdirSync(clouds, { withFileTypes: true }) : [];
  for (const { name } of entries.filter((entry) => entry.isDirectory() && CLOUD_NAME.test(entry.name))) {
    const code = await planet("cloud", "stop", name);
    if (code !== 0) throw new SetupError(`the local cloud "${name}" could not be stopped; nothing was removed`);
  }
}

/** Another checkout may be filling the cache: what is removed under it would fail it after minutes of work. */
function refuseWhileBuilding() {
  const builder = cliBuilder(cliCache) ?? imageBuilder();
  if (builder === undefined) return;
  throw new SetupError(
    `${cache} is shared by all checkouts, and ${builder}; nothing was removed.\n` +
      "Wait until it is done, or end it with Ctrl-C where it runs; then run the command again.",
  );
}

/**
 * Locks as packages/toolchain/cacheEntry.ts makes them.
 * @param {string} folder
 */
export function cliBuilder(folder) {
  const locks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".lock")) : [];
  for (const lock of locks) {
    const holder = readHolder(path.join(folder, lock));
    if (holder?.host === os.hostname() && isAlive(holder.pid)) return `process ${holder.pid} is making the Pulumi CLI`;
  }
}

function readHolder(lock) {
  try {
    return JSON.parse(readFileSync(lock, "utf8"));
  } catch {
    return undefined; // gone meanwhile, or left empty by a run that was killed
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** A flock, as packages/local-cloud/machine/lock.ts takes it; it may belong to root. */
function imageBuilder() {
  if (!existsSync(imageLock)) return undefined;
  const [program, ...args] = asRoot(["flock", "--nonblock", "--conflict-exit-code", "75", imageLock, "true"]);
  const isHeld = spawnSync(program, args, { stdio: "ignore" }).status === 75;
  return isHeld ? "a process is building an image for servers in it" : undefined;
}
