import { spawn } from "node:child_process";

export interface ProcessResult {
  /** Undefined when it was ended by a signal or did not start. */
  readonly code: number | undefined;
  readonly stdout: string;
  /** Both streams as they came, for messages. */
  readonly output: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly limitMs?: number;
}

/** Runs a program to its end and collects what it says. Never throws: a program that is missing has no code. */
export function runProcess(program: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.environment && { env: options.environment }),
      ...(options.limitMs !== undefined && { timeout: options.limitMs, killSignal: "SIGKILL" }),
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", (error) => resolve({ code: undefined, stdout, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? undefined, stdout, output }));
  });
}

/** The last lines of a long output, for an error message. */
export function lastLines(output: string, count = 15): string {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}
