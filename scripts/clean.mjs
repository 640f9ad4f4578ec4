// Removes what this project has made on this machine outside of git. Plain JavaScript for Node 20.
import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { asRoot, CHECKOUT, run, SetupError } from "./processes.mjs";
import { planet } from "./steps.mjs";

const home = os.homedir();
const clouds = path.join(process.env.XDG_STATE_HOME || path.join(home, ".local", "state"), "planet");

const FOLDERS = [
  { folder: clouds, holds: "local clouds with their buckets, disks and logs" },
  {
    folder: path.join(process.env.XDG_CACHE_HOME || path.join(home, ".cache"), "planet"),
    holds: "images and the Pulumi CLI, shared by all checkouts",
  },
  { folder: path.join(CHECKOUT, ".planet"), holds: "stack state and toolchain of this checkout" },
];

/** Stops every local cloud, then removes their state, the caches and this checkout's `.planet`. */
export async function clean() {
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
  const folder = path.join(clouds, "clouds");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names) {
    const code = await planet("cloud", "stop", name);
    if (code !== 0) throw new SetupError(`the local cloud "${name}" could not be stopped; nothing was removed`);
  }
}
