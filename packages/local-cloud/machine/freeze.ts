import { descendantsOf, markOf, type ProcessMark, signal } from "./processes.ts";

/** New processes of a machine that is being stopped are found by looking again; each round leaves fewer that could start any. */
const ROUNDS = 20;

/** Stops a process and all below it where they are, or lets them go on. A stopped one holds its memory, files and connections. */
export function freeze(init: ProcessMark, isFrozen: boolean): void {
  const done = new Set<number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = [init.pid, ...descendantsOf(init.pid)].filter((pid) => !done.has(pid));
    if (found.length === 0) return;
    for (const mark of found.flatMap((pid) => markOf(pid) ?? [])) signal(mark, isFrozen ? "SIGSTOP" : "SIGCONT");
    for (const pid of found) done.add(pid);
  }
}
