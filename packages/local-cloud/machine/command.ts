import { spawn } from "node:child_process";

/** A program of the machine that did not do what it was asked; the message has its own words. */
class CommandError extends Error {
  readonly code = "COMMAND_FAILED";
  readonly exitCode: number | undefined;
  readonly output: string;

  constructor(
    facts: { command: readonly string[]; exitCode: number | undefined; output: string },
    options?: ErrorOptions,
  ) {
    const words = facts.output.trim().split("\n").slice(-12).join("\n") || "it printed nothing";
    super(
      `\`${facts.command.join(" ")}\` failed (exit ${facts.exitCode ?? "by signal or not started"}): ${words}`,
      options,
    );
    this.exitCode = facts.exitCode;
    this.output = facts.output;
  }
}

export interface CommandOptions {
  /** Text for its standard input. */
  readonly input?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and returns what it wrote to standard output.
 * @throws {CommandError} when it cannot be started or exits with anything but 0.
 */
export function run(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<string> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: "pipe",
      env: { ...process.env, LC_ALL: "C.UTF-8", ...options.environment },
    });
    let stdout = "";
    let both = "";
    const hear = (chunk: string): void => {
      both += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      hear(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", hear);
    child.on("error", (cause) =>
      reject(new CommandError({ command, exitCode: undefined, output: cause.message }, { cause })),
    );
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandError({ command, exitCode: code ?? undefined, output: both }));
    });
    child.stdin.on("error", () => {}); // a program that ends without reading its input is judged by its exit code
    child.stdin.end(options.input ?? "");
  });
}

/** As {@link run}, for clean-ups: it is not an error when something is already gone. */
export async function attempt(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<boolean> {
  try {
    await run(command, options);
    return true;
  } catch {
    return false;
  }
}
