import { existsSync, readFileSync, rmSync } from "node:fs";
import { cloudIdentity } from "../identity.ts";
import { type ProcessMark, signal, waitForEnd } from "../machine/processes.ts";
import { releaseNetwork } from "./claim.ts";
import { removeEverything } from "./leftovers.ts";
import { type Places, placesOf } from "./places.ts";

/** Removes what a killed or hanging daemon left: the process itself, its machines, its network. */
export async function cleanUp(name: string, onProgress: (line: string) => void): Promise<void> {
  const places = placesOf(name);
  const daemon = daemonMark(places);
  if (daemon) {
    signal(daemon, "SIGKILL");
    await waitForEnd(daemon, 5_000);
  }
  const identity = cloudIdentity(name);
  await removeEverything(identity, places, onProgress);
  releaseNetwork(identity);
}

/** Removes the state of a stopped cloud. */
export function forget(name: string): void {
  cloudIdentity(name); // nothing but a cloud's name becomes part of this path
  rmSync(placesOf(name).directory, { recursive: true, force: true });
}

export function daemonMark({ processFile }: Places): ProcessMark | undefined {
  return existsSync(processFile) ? (JSON.parse(readFileSync(processFile, "utf8")) as ProcessMark) : undefined;
}
