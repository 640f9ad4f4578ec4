import { spawn } from "node:child_process";
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { CloudIdentity } from "../identity.ts";
import { guardTable } from "../network/guard.ts";
import { uplinkMtu } from "../network/hostNetwork.ts";
import { connectScript, inside, portName } from "../network/plan.ts";
import { giveToCaller } from "./caller.ts";
import { isSystemdHost, makeCgroups, removeCgroups } from "./cgroup.ts";
import { attempt, run } from "./command.ts";
import { readConsole } from "./console.ts";
import type { MachineDriver, MachineSpec } from "./driver.ts";
import { freeze } from "./freeze.ts";
import { resolverText } from "./hostSettings.ts";
import { ensureImage, type ImageLayers } from "./imageStore.ts";
import { hostName, hostsText, nspawnCommand } from "./nspawnArguments.ts";
import { childrenOf, isAlive, markOf, type ProcessMark, signal, waitForEnd } from "./processes.ts";
import { FIRST_USER } from "./userRange.ts";

/** A machine is asked to stop and then gets this long; its disk goes away in any case. */
const SHUTDOWN_MS = 3_000;
/** systemd(1): start reboot.target. */
const SIGNAL_REBOOT = 39; // SIGRTMIN+5

/** Enters the cgroups given before `--` and becomes nspawn. */
const ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done; shift; exec systemd-nspawn "$@"';

/**
 * The machine's process: boots again when its init asked for a reboot, passes SIGTERM on, ends with the machine.
 * With --keep-unit nspawn leaves reboots to its caller and says so with 133 (systemd's EXIT_FORCE_RESTART). `$1` becomes nspawn,
 * `$2` connects it.
 */
const SUPERVISE = `enter=$1 connect=$2; shift 2
trap 'kill -TERM $machine; stop=1' TERM
while :; do
  sh -ec "$enter" sh "$@" & machine=$!
  sh -ec "$connect" sh $machine || kill -KILL $machine
  wait $machine; code=$?
  while kill -0 $machine 2>/dev/null; do wait $machine; code=$?; done
  [ $code = 133 ] && [ -z "\${stop:-}" ] || exit $code
done`;

export interface NspawnOptions {
  readonly identity: CloudIdentity;
  /** One folder per machine: `machine.json`, `upper`, `work`, `root`. */
  readonly machinesDirectory: string;
  readonly consoleDirectory: string;
  /** Names that lead to the endpoint's address in each machine: the sample blogs. */
  readonly blogHosts: readonly string[];
  readonly log: (line: string) => void;
}

/**
 * Machines as systemd-nspawn containers. They are processes of their own, not of the daemon: when that is killed they go on,
 * and the next one finds them by `machine.json`, which names the process by id and start time. What a machine leaves when it ends
 * by itself (mount, folder) stays until {@link MachineDriver.end}, which removes whatever of it there is.
 */
export function nspawnDriver(options: NspawnOptions): MachineDriver {
  const { identity, machinesDirectory, consoleDirectory, log } = options;
  const folderOf = (instanceId: string): string => join(machinesDirectory, instanceId);
  const consoleOf = (instanceId: string): string => join(consoleDirectory, `${instanceId}.log`);

  return {
    async start(spec) {
      if (isRunning(folderOf(spec.instanceId))) return;
      const layers = await ensureImage(spec.image, log);
      try {
        await mountDisk(folderOf(spec.instanceId), layers, spec.diskLimitMb);
        writeIdentity(join(folderOf(spec.instanceId), "root"), spec, options);
        boot(spec, connectScript(identity, spec, await uplinkMtu()), options);
      } catch (error) {
        await removeMachine(identity, machinesDirectory, spec.instanceId);
        throw error;
      }
    },

    end: (instanceId) => removeMachine(identity, machinesDirectory, instanceId),

    reboot(instanceId) {
      const init = initIn(folderOf(instanceId));
      if (!init)
        return Promise.reject(new Error(`instance ${instanceId} cannot be rebooted: its machine does not run`));
      signal(init, SIGNAL_REBOOT);
      return Promise.resolve();
    },

    running: () => Promise.resolve(machinesIn(machinesDirectory).filter((id) => isRunning(folderOf(id)))),

    async guard(ports) {
      await run(inside(identity.networkName, ["nft", "-f", "-"]), { input: guardTable(ports) });
    },

    console: (instanceId) => Promise.resolve(readConsole(consoleOf(instanceId))),

    freeze(instanceId, isFrozen) {
      const init = initIn(folderOf(instanceId));
      if (init) freeze(init, isFrozen);
    },
  };
}

/** nspawn's machine name and the machine's cgroup. */
function machineName(identity: CloudIdentity, instanceId: string): string {
  return `${identity.networkName}-${instanceId}`;
}

/** Instances that have a folder, running or not. */
export function machinesIn(machinesDirectory: string): string[] {
  return existsSync(machinesDirectory) ? readdirSync(machinesDirectory).toSorted() : [];
}

export function isRunning(folder: string): boolean {
  const mark = markIn(folder);
  return mark !== undefined && isAlive(mark);
}

/** Ends the machine if it runs and removes every trace but the console log. */
export async function removeMachine(
  identity: CloudIdentity,
  machinesDirectory: string,
  instanceId: string,
): Promise<void> {
  const folder = join(machinesDirectory, instanceId);
  const name = machineName(identity, instanceId);
  const mark = markIn(folder);
  if (mark) await endProcess(mark);
  const root = join(folder, "root");
  if (existsSync(root) && !(await attempt(["umount", root]))) await attempt(["umount", "--lazy", root]);
  await attempt(["ip", "-n", identity.networkName, "link", "delete", portName(instanceId)]);
  removeCgroups(name);
  await attempt(["umount", folder]); // where its disk was limited
  await rm(folder, { recursive: true, force: true });
}

async function endProcess(mark: ProcessMark): Promise<void> {
  const children = childrenOf(mark.pid);
  const family = [mark.pid, ...children, ...children.flatMap(childrenOf)].flatMap((pid) => markOf(pid) ?? []);
  signal(mark, "SIGTERM"); // passed on to nspawn, which passes it on as an orderly halt
  if (await waitForEnd(mark, SHUTDOWN_MS)) return;
  for (const member of family) signal(member, "SIGKILL"); // with its init, all in a machine ends
  for (const member of family) await waitForEnd(member, SHUTDOWN_MS);
}

async function mountDisk(folder: string, layers: ImageLayers, limitMb: number | undefined): Promise<void> {
  if (limitMb !== undefined) {
    mkdirSync(folder, { recursive: true });
    await run(["mount", "-t", "tmpfs", "-o", `size=${limitMb}m,mode=755`, "tmpfs", folder]);
  }
  for (const name of ["upper", "work", "root"]) mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
  chownSync(join(folder, "upper"), FIRST_USER, FIRST_USER);
  const paths = `lowerdir=${layers.join(":")},upperdir=${join(folder, "upper")},workdir=${join(folder, "work")}`;
  try {
    await run(["mount", "-t", "overlay", "overlay", "-o", paths, join(folder, "root")]);
  } catch (cause) {
    const what = `cannot mount a disk below ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`;
    const next =
      "An overlay needs a plain file system (ext4, xfs, btrfs) below it; set XDG_STATE_HOME to a folder on one.";
    throw new Error(`${what}\n${next}`, { cause });
  }
}

/** What no two machines share, and what follows from where they run. */
function writeIdentity(root: string, spec: MachineSpec, { identity, blogHosts }: NspawnOptions): void {
  const name = hostName(spec.privateAddress);
  const files = {
    hostname: `${name}\n`,
    hosts: hostsText(name, identity.endpointAddress, blogHosts),
    "resolv.conf": resolverText(),
  };
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, "etc", file);
    rmSync(path, { force: true }); // it may be a link
    writeFileSync(path, text);
    chownSync(path, FIRST_USER, FIRST_USER);
  }
}

function boot(
  spec: MachineSpec,
  connect: string,
  { identity, machinesDirectory, consoleDirectory }: NspawnOptions,
): void {
  const folder = join(machinesDirectory, spec.instanceId);
  const name = machineName(identity, spec.instanceId);
  const systemdHost = isSystemdHost();
  const { args, environment } = nspawnCommand({
    machineName: name,
    root: join(folder, "root"),
    systemdHost,
  });
  const consoleFile = join(consoleDirectory, `${spec.instanceId}.log`);
  const console = openSync(consoleFile, "a", 0o600);
  giveToCaller(consoleFile);
  const groups = systemdHost ? [] : makeCgroups(name);
  const child = spawn("sh", ["-c", SUPERVISE, "sh", ENTER, connect, ...groups, "--", ...args], {
    detached: true,
    stdio: ["ignore", console, console],
    env: { PATH: process.env.PATH, ...environment },
  });
  closeSync(console);
  const mark = child.pid === undefined ? undefined : markOf(child.pid);
  if (!mark) throw new Error(`machine ${spec.instanceId} did not start: no shell to start systemd-nspawn from`);
  child.unref();
  writeFileSync(join(folder, "machine.json"), JSON.stringify({ ...spec, process: mark }));
}

/** Supervisor → nspawn → the machine's init. */
function initOf(supervisor: ProcessMark): ProcessMark | undefined {
  if (!isAlive(supervisor)) return undefined;
  const [nspawn] = childrenOf(supervisor.pid);
  const [init] = nspawn === undefined ? [] : childrenOf(nspawn);
  return init === undefined ? undefined : markOf(init);
}

/** The init of the machine of that folder; undefined when it does not run. */
export function initIn(folder: string): ProcessMark | undefined {
  const supervisor = markIn(folder);
  return supervisor && initOf(supervisor);
}

function markIn(folder: string): ProcessMark | undefined {
  const file = join(folder, "machine.json");
  if (!existsSync(file)) return undefined;
  const { process: mark } = JSON.parse(readFileSync(file, "utf8")) as { process: ProcessMark };
  return mark;
}
