import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface Process {
  readonly pid: number;
  /** Program and arguments. */
  readonly words: readonly string[];
}

/** The engine is the CLI itself; the plugin is the provider that it has started. */
export type Victim = "engine" | "plugin";

export const isVictim = (victim: Victim, { words }: Process): boolean =>
  victim === "engine"
    ? basename(words[0] ?? "") === "pulumi"
    : words.some((word) => /\/pulumi-resource-aws$/.test(word));

/** A process, everything that it has started, and what that has started. `npx pulumi` becomes the CLI itself. */
export function familyOf(pid: number): Process[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter(isNumber)
      .flatMap((name) => parentOf(Number(name))),
  );
  const isBelow = (each: number): boolean => {
    const parent = parents.get(each);
    return each === pid || (parent !== undefined && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow).map((each) => ({ pid: each, words: wordsOf(each) }));
}

/** Waits until they have ended by themselves, then ends those that have not: the next command must be alone. */
export async function untilGone(processes: readonly Process[], limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (Date.now() < end && processes.some(isAlive)) await delay(50);
  for (const each of processes.filter(isAlive)) kill(each.pid, "SIGKILL");
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // it was faster
  }
}

/** The same process, not one that was given its number since. */
function isAlive({ pid, words }: Process): boolean {
  return words.length > 0 && wordsOf(pid).join("\0") === words.join("\0");
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** Source: proc(5), `stat`: the name in brackets may hold anything, the parent is the second word behind it. */
function parentOf(pid: number): [number, number][] {
  const text = readQuietly(`/proc/${pid}/stat`);
  const parent = Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  return text === "" ? [] : [[pid, parent]];
}

/** Empty for one that has ended, or has ended and nobody has noticed. */
const wordsOf = (pid: number): string[] => readQuietly(`/proc/${pid}/cmdline`).split("\0").filter(Boolean);

function readQuietly(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it has ended in the meantime
  }
}
