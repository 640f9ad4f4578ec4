import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { LocalCloudError } from "../localCloudError.ts";
import { initIn } from "../machine/nspawnDriver.ts";
import type { ProcessMark } from "../machine/processes.ts";
import { placesOf } from "./places.ts";

/**
 * Opens a root shell in a machine by the host's own way: no key pair, no sshd, no network. Standard input and output are the
 * caller's. Callers are root. @returns the shell's exit code
 */
export function openShell(name: string, instanceId: string): number {
  const folder = join(placesOf(name).machinesDirectory, instanceId);
  const init = /^i-[0-9a-f]+$/.test(instanceId) ? initIn(folder) : undefined;
  if (!init) {
    throw new LocalCloudError(
      "NO_MACHINES",
      `${instanceId} has no machine that runs in cloud "${name}". \`npx planet cloud status\` lists what runs.`,
    );
  }
  const [program, ...args] = shellCommand(init);
  const { status } = spawnSync(program, args, { stdio: "inherit", env: shellEnvironment(process.env) });
  return status ?? 1;
}

/** A user namespace is entered first where the machine has one, and its root is who arrives. */
function shellCommand({ pid }: ProcessMark): [string, ...string[]] {
  const shell = "cd; if command -v bash >/dev/null; then exec bash -l; else exec sh -l; fi";
  return ["nsenter", `--target=${pid}`, "--all", "--root", "--wd", "--", "sh", "-c", shell];
}

/** Nothing of the host but its terminal. */
function shellEnvironment({ TERM = "dumb" }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8", TERM };
}
