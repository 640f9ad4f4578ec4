import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Keys } from "./s3Client.ts";

const MAIN = fileURLToPath(new URL("serveMachineless.ts", import.meta.url));

/** A cloud without machines in a process of its own. */
export interface CloudProcess {
  readonly endpoint: string;
  readonly credentials: Keys;
  readonly pid: number;
  /** Bytes of memory, as the kernel counts them: the most so far. */
  peakMemory(): number;
  isRunning(): boolean;
  kill(): Promise<void>;
}

/** @param folder has all that it keeps; another one may go on with it */
export async function startCloudProcess(folder: string): Promise<CloudProcess> {
  const child = spawn(process.execPath, [MAIN, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { endpoint, ...credentials } = JSON.parse(line.toString()) as Keys & { readonly endpoint: string };
  return {
    ...{ endpoint, credentials, pid: child.pid ?? 0 },
    peakMemory() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      if (!child.kill("SIGKILL")) return;
      await once(child, "exit");
    },
  };
}
