import { spawn } from "node:child_process";
import { pulumiCommand } from "@planet/toolchain";
import type { Context } from "./command.ts";

/** Runs the CLI with our own terminal. @returns its exit code. */
export async function runPulumi(args: readonly string[], context: Context): Promise<number> {
  return (await start(args, context, "inherit")).code;
}

/** Runs the CLI silently. @returns its exit code and what it wrote to stdout; its stderr goes to ours. */
export function readPulumi(args: readonly string[], context: Context): Promise<{ code: number; stdout: string }> {
  return start(args, context, "pipe");
}

async function start(args: readonly string[], context: Context, stdout: "inherit" | "pipe") {
  const { checkout, environment: env, err } = context;
  const command = await pulumiCommand({ checkout, args, env, onProgress: (line) => err(`${line}\n`) });
  const child = spawn(command.program, command.args, {
    cwd: checkout,
    env: { ...command.environment, PWD: checkout },
    stdio: ["inherit", stdout, "inherit"],
  });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  return new Promise<{ code: number; stdout: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout: text }));
  });
}
