import type { ChildProcess } from "node:child_process";
import type { CommandResult } from "../harness/project.ts";

export interface Ended extends CommandResult {
  /** Longest time without a word, in milliseconds. The engine's dots do not count. */
  readonly longestSilenceMs: number;
}

/** A command that runs. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves once it has said this, or has ended without. */
  said(words: string): Promise<boolean>;
}

/** @throws {Error} when it did not start. */
export function follow(child: ChildProcess): Running {
  if (child.pid === undefined) throw new Error(`${child.spawnargs.join(" ")} did not start`);
  const seen = { output: "", stdout: "", at: performance.now(), longestMs: 0 };
  const listeners = new Set<() => void>();
  const hear = (text: string) => {
    seen.output += text;
    if (/[^\s.@]/.test(text.replaceAll(/^@ (\w+)/gm, ""))) breakSilence();
    for (const listener of listeners) listener();
  };
  const breakSilence = () => {
    seen.longestMs = Math.max(seen.longestMs, performance.now() - seen.at);
    seen.at = performance.now();
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    seen.stdout += text;
    hear(text);
  });
  child.stderr?.setEncoding("utf8").on("data", hear);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => {
      breakSilence();
      const { output, stdout, longestMs: longestSilenceMs } = seen;
      resolve({ exitCode: code ?? -1, output, stdout, longestSilenceMs });
    });
  });
  return {
    pid: child.pid,
    ended,
    async said(words) {
      const heard = new Promise<void>((resolve) => {
        const look = () => void (seen.output.includes(words) && resolve());
        listeners.add(look);
        look();
      });
      await Promise.race([heard, ended]);
      return seen.output.includes(words);
    },
  };
}
