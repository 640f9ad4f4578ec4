import type { ChildProcess } from "node:child_process";
import { treeBytes, waitedForCpuMs } from "./processTree.ts";

/** What one command cost, with all processes that it started. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
}

/** Often enough for a peak that lasts; a look itself costs a millisecond or two. */
const LOOK_MS = 100;

/** Measures one command; no other child of this process may end meanwhile. @throws {Error} with its output when it fails. */
export async function measure(start: () => ChildProcess): Promise<Cost> {
  const cpuBefore = waitedForCpuMs();
  const begin = performance.now();
  const child = start();
  let peakBytes = 0;
  const looking = setInterval(() => {
    if (child.pid !== undefined) peakBytes = Math.max(peakBytes, treeBytes(child.pid));
  }, LOOK_MS);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  clearInterval(looking);
  const wallMs = performance.now() - begin;
  if (code !== 0) throw new Error(`${child.spawnargs.join(" ")} ended with ${code}:\n${output}`);
  return { wallMs, cpuMs: waitedForCpuMs() - cpuBefore, peakBytes };
}
