import { readdirSync, readFileSync } from "node:fs";

/** Of Linux's /proc, the same on every machine that this project runs on. */
const TICK_MS = 10;

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
}

/** Processor time of all children that this process has waited for, with theirs, in ms. */
export function waitedForCpuMs(): number {
  const fields = statFields(readFileSync("/proc/self/stat", "utf8"));
  // proc(5): field 16 cutime, 17 cstime; `fields` begins with the third.
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Processor time of a running process with all its threads, in ms. */
export function cpuMsOf(pid: number): number {
  const fields = statFields(readFileSync(`/proc/${pid}/stat`, "utf8"));
  // proc(5): field 14 utime, 15 stime.
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory of a process and all its descendants; a page that several share counts once, in parts (Pss of proc(5)). */
export function treeBytes(root: number): number {
  const processes = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? factsOf(Number(name)) : []));
  const tree = new Set([root]);
  // Parents come before their children in no order of pids: go on until nothing is added.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree].reduce((sum, pid) => sum + proportionalBytes(pid), 0);
}

function factsOf(pid: number): ProcessFacts[] {
  const text = readProc(pid, "stat");
  return text === undefined ? [] : [{ pid, parent: Number(statFields(text)[1]) }];
}

function proportionalBytes(pid: number): number {
  const [, kilobytes = "0"] = /^Pss:\s+(\d+) kB$/m.exec(readProc(pid, "smaps_rollup") ?? "") ?? [];
  return Number(kilobytes) * 1_024;
}

/** Undefined when it has just ended. */
function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

/** What follows the name, which may hold blanks and brackets: the third field of proc(5) is the first here. */
function statFields(text: string): string[] {
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
