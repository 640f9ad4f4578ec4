import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CloudIdentity } from "../identity.ts";
import { removeCgroups } from "../machine/cgroup.ts";
import { isRunning, machinesIn, removeMachine } from "../machine/nspawnDriver.ts";
import { markOf, processesWith, signal, waitForEnd } from "../machine/processes.ts";
import { removeNetwork } from "../network/hostNetwork.ts";
import type { Places } from "./places.ts";

/**
 * What a kill leaves and who removes it: machines that still run are kept by a start (the new daemon adopts them) and ended by a
 * stop; a machine that has ended leaves a mount and a folder; a machine whose folder somebody deleted is only a process.
 * All are found by names that carry the cloud's index, so another cloud's are never touched.
 */
export async function removeDeadMachines(identity: CloudIdentity, { machinesDirectory }: Places): Promise<void> {
  for (const instanceId of machinesIn(machinesDirectory)) {
    if (!isRunning(join(machinesDirectory, instanceId))) await removeMachine(identity, machinesDirectory, instanceId);
  }
  const known = new Set(machinesIn(machinesDirectory));
  for (const instanceId of strayInstances(identity))
    if (!known.has(instanceId)) await removeStray(identity, instanceId);
}

/** Ends all machines and removes everything but the state, the logs and the image cache. */
export async function removeEverything(
  identity: CloudIdentity,
  places: Places,
  log: (line: string) => void,
): Promise<void> {
  const machines = machinesIn(places.machinesDirectory);
  if (machines.length > 0) log(`ending ${machines.length} machine${machines.length === 1 ? "" : "s"}`);
  await Promise.all(machines.map((instanceId) => removeMachine(identity, places.machinesDirectory, instanceId)));
  await removeDeadMachines(identity, places);
  await removeNetwork(identity);
  for (const file of [places.controlSocket, places.processFile]) rmSync(file, { force: true });
}

/** Instances that have a process, by the names that carry the cloud's. */
function strayInstances({ networkName }: CloudIdentity): Set<string> {
  const ours = new RegExp(`^--machine=${networkName}-(i-[0-9a-f]+)$`);
  const words = processesWith("--register=no").flatMap((pid) => argumentsOf(pid));
  return new Set(words.flatMap((word) => ours.exec(word)?.[1] ?? []));
}

async function removeStray(identity: CloudIdentity, instanceId: string): Promise<void> {
  const name = `${identity.networkName}-${instanceId}`;
  for (const mark of processesWith(`--machine=${name}`).flatMap((pid) => markOf(pid) ?? [])) {
    signal(mark, "SIGKILL");
    await waitForEnd(mark, 3_000);
  }
  removeCgroups(name);
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // ended in between
  }
}
