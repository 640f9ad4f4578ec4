import { readdirSync, readFileSync } from "node:fs";

/** Of Linux's /proc; both are the same on every machine that this project runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly residentBytes: number;
}

/** Processor time of all children that this process has waited for, with theirs, in ms. */
export function waitedForCpuMs(): number {
  const fields = statFields(readFileSync("/proc/self/stat", "utf8"));
  // proc(5): field 16 cutime, 17 cstime; `fields` begins with the third.
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Resident memory of a process and all its descendants. Pages that they share are counted for each. */
export function treeBytes(root: number): number {
  const processes = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? factsOf(Number(name)) : []));
  const tree = new Set([root]);
  // Parents come before their children in no order of pids: go on until nothing is added.
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid);
  }
  return processes.reduce((sum, { pid, residentBytes }) => sum + (tree.has(pid) ? residentBytes : 0), 0);
}

function factsOf(pid: number): ProcessFacts[] {
  try {
    const fields = statFields(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return [{ pid, parent: Number(fields[1]), residentBytes: Number(fields[21]) * PAGE_BYTES }];
  } catch {
    return []; // it has just ended
  }
}

/** What follows the name, which may hold blanks and brackets: the third field of proc(5) is the first here. */
function statFields(text: string): string[] {
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
