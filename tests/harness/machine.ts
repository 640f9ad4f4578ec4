import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { CloudStatus } from "@planet/local-cloud";

/** Stops every process of a server, as a hung hypervisor does: its kernel still accepts connections, but nothing answers. */
export function freeze(cloud: CloudStatus, instanceId: string): void {
  const init = initOf(cloud, instanceId);
  for (const pid of [init, ...descendantsOf(init)]) process.kill(pid, "SIGSTOP");
}

/** Ends a server's web server in an orderly way, so that nothing starts it again. */
export async function stopNginx(cloud: CloudStatus, instanceId: string): Promise<void> {
  await inMachine(cloud, instanceId, "systemctl", "stop", "nginx.service");
}

/** Runs a program in a server as its root. @returns what it wrote; rejects when it fails. */
export async function inMachine(cloud: CloudStatus, instanceId: string, ...command: string[]): Promise<string> {
  const namespaces = ["--user", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd"];
  const target = ["--target", String(initOf(cloud, instanceId)), ...namespaces];
  return (await promisify(execFile)("nsenter", [...target, ...command])).stdout;
}

/** The machine's own process 1, by our ids: supervisor → nspawn → init. */
function initOf(cloud: CloudStatus, instanceId: string): number {
  const file = join(dirname(cloud.logFile), "machines", instanceId, "machine.json");
  const { process: supervisor } = JSON.parse(readFileSync(file, "utf8")) as { process: { pid: number } };
  const init = childrenOf(supervisor.pid).flatMap(childrenOf)[0];
  if (init === undefined) throw new Error(`the machine of ${instanceId} does not run`);
  return init;
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** proc(5): the fourth field is the parent; the second is in brackets and may hold anything. */
function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => statOf(pid).slice(1, 2)[0] === String(parent))
    .map(Number);
}

function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return []; // ended in between
  }
}
