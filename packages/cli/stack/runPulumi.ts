import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { pulumiCommand } from "@planet/toolchain";
import type { Context } from "../command.ts";

export interface RunOptions {
  /** Another folder with a Pulumi.yaml; tools, backend and environment stay the checkout's. */
  readonly cwd?: string;
  /** Its stdout goes to our stderr, because ours is read by a program. */
  readonly quiet?: boolean;
}

/** Runs the CLI with our own terminal. @returns its exit code. */
export async function runPulumi(
  args: readonly string[],
  context: Context,
  { cwd, quiet }: RunOptions = {},
): Promise<number> {
  return (await start(args, context, { stdout: quiet ? 2 : "inherit", ...(cwd !== undefined && { cwd }) })).code;
}

/** Runs the CLI silently. @returns its exit code and what it wrote to stdout; its stderr goes to ours. */
export function readPulumi(
  args: readonly string[],
  context: Context,
  options: Pick<RunOptions, "cwd"> = {},
): Promise<{ code: number; stdout: string }> {
  return start(args, context, { ...options, stdout: "pipe" });
}

/** Runs the CLI, and hands on each line that it writes to stdout when it comes. @returns its exit code, and whether somebody ended it. */
export async function streamPulumi(
  args: readonly string[],
  context: Context,
  onLine: (line: string) => void,
): Promise<{ code: number; isInterrupted: boolean }> {
  return start(args, context, { stdout: "pipe", onLine });
}

/** The part of the world that a question to the CLI needs. */
export interface PulumiReader {
  readonly read: typeof readPulumi;
}

interface Start {
  readonly stdout: "inherit" | "pipe" | 2;
  readonly cwd?: string;
  readonly onLine?: (line: string) => void;
}

function showOnce(notice: string, { err, shownNotices }: Context): void {
  if (shownNotices.has(notice)) return;
  shownNotices.add(notice);
  err(`${notice}\n`);
}

async function start(args: readonly string[], context: Context, { stdout, cwd = context.checkout, onLine }: Start) {
  const { checkout, environment: env } = context;
  const command = await pulumiCommand({ checkout, args, env, cwd, onProgress: (line) => showOnce(line, context) });
  const child = spawn(command.program, command.args, {
    cwd,
    env: command.environment,
    stdio: ["inherit", stdout, "inherit"],
  });
  if (child.stdout && onLine) createInterface({ input: child.stdout }).on("line", onLine);
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  const { release, isInterrupted } = outlive(child);
  return new Promise<{ code: number; stdout: string; isInterrupted: boolean }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout: text, isInterrupted: isInterrupted() }));
  }).finally(release);
}

/**
 * The CLI ends an update in order when it is interrupted, and we have things to say and to put back after it. A
 * terminal sends SIGINT to it as well as to us; SIGTERM is for us alone and becomes its SIGINT.
 */
function outlive(child: ChildProcess): { release: () => void; isInterrupted: () => boolean } {
  let wasTold = false;
  const note = () => {
    wasTold = true;
  };
  const pass = () => {
    wasTold = true;
    child.kill("SIGINT");
  };
  process.on("SIGINT", note);
  process.on("SIGTERM", pass);
  const release = () => {
    process.off("SIGINT", note);
    process.off("SIGTERM", pass);
  };
  return { release, isInterrupted: () => wasTold };
}
