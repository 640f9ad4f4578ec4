import { execFile } from "node:child_process";

export interface Ran {
  /** 0 for success; another number when it failed, did not end in time, or is not installed. */
  readonly code: number;
  readonly stdout: string;
  /** Both streams, for people. */
  readonly output: string;
}

/** Runs a program of the system, without a shell; bounded in time and output. */
export type Run = (program: string, args: readonly string[], limitMs?: number) => Promise<Ran>;

export const run: Run = (program, args, limitMs = 30_000) =>
  new Promise((resolve) => {
    const child = execFile(program, args, { timeout: limitMs, maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ code, stdout, output: `${stdout}${stderr}` });
    });
    child.stdin?.end();
  });
