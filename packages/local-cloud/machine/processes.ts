import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process that is found again after our own restart; a later one with the same id has another start time. */
export interface ProcessMark {
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: clock ticks after boot (proc(5)). */
  readonly startTime: string;
}

/** Undefined when there is no such process, or it has ended and waits for its parent. */
export function markOf(pid: number): ProcessMark | undefined {
  const fields = statFields(pid);
  const startTime = fields?.[19];
  return startTime && fields[0] !== "Z" ? { pid, startTime } : undefined;
}

export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.startTime === mark.startTime;
}

/** @returns whether it ended in time. */
export async function waitForEnd(mark: ProcessMark, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(mark)) {
    if (Date.now() >= deadline) return false;
    await sleep(50);
  }
  return true;
}

/** Sends a signal to exactly this process; it is not an error when the process has ended. */
export function signal(mark: ProcessMark, name: NodeJS.Signals | number): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

export function childrenOf(pid: number): number[] {
  return allProcesses().filter((candidate) => statFields(candidate)?.[1] === String(pid));
}

/** Children, their children, and so on. */
export function descendantsOf(pid: number): number[] {
  const parents = allProcesses().map((candidate) => [candidate, Number(statFields(candidate)?.[1])] as const);
  const family = new Set([pid]);
  for (const known of family) for (const [child, parent] of parents) if (parent === known) family.add(child);
  family.delete(pid);
  return [...family];
}

/** Processes whose arguments include every given word. */
export function processesWith(...words: readonly string[]): number[] {
  return allProcesses().filter((pid) => {
    const args = read(`/proc/${pid}/cmdline`)?.split("\0") ?? [];
    return words.every((word) => args.includes(word));
  });
}

function allProcesses(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fields after the program's name, which is in brackets and may contain anything: state, parent, … */
function statFields(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // ended in between
  }
}
