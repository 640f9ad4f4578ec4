import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { codeOf } from "@planet/errors";
import type { CommandInputs, Stream } from "./commandInputs.ts";

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellContext {
  /** Called for each line while the command runs. */
  readonly onLine: (line: string) => void;
  readonly cancelled: AbortSignal;
}

/**
 * Runs one command to its end, in a process group of its own: at cancellation the whole group is killed, so that no
 * `sleep` or `curl` of it survives.
 * @throws {Error} with exit text, command and its output, as the official plugin words it; but for a cancellation, of which that
 * one says only which signal it used.
 */
export async function runShell(
  command: string,
  inputs: CommandInputs,
  previous: Output | undefined,
  context: ShellContext,
): Promise<Output> {
  const [program = "/bin/sh", ...args] = [...inputs.interpreter, command];
  const child = spawn(program, args, {
    ...(inputs.dir !== undefined && { cwd: inputs.dir }),
    env: { ...process.env, ...inputs.environment, ...(inputs.addPreviousOutputInEnv && previousOutput(previous)) },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const kill = () => killGroup(child.pid);
  context.cancelled.addEventListener("abort", kill);
  if (context.cancelled.aborted) kill();

  const all: string[] = [];
  const stdout = collect(child.stdout, "stdout", inputs, all, context.onLine);
  const stderr = collect(child.stderr, "stderr", inputs, all, context.onLine);
  child.stdin.on("error", () => undefined); // a command need not read its input
  child.stdin.end(inputs.stdin ?? "");

  const failure = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => {
      const ended = signal ? `signal: ${SIGNAL_WORDS[signal] ?? signal}` : code ? `exit status ${code}` : undefined;
      resolve(ended !== undefined && context.cancelled.aborted ? "interrupted" : ended);
    });
  });
  context.cancelled.removeEventListener("abort", kill);
  if (failure !== undefined) throw new Error(`${failure}: running ${JSON.stringify(command)}:\n${all.join("")}`);
  return { stdout: withoutLastNewline(stdout()), stderr: withoutLastNewline(stderr()) };
}

const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  SIGKILL: "killed",
  SIGTERM: "terminated",
  SIGINT: "interrupt",
  SIGHUP: "hangup",
};

function killGroup(pid: number | undefined) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error; // ended in the same moment
  }
}

function collect(
  source: Readable,
  stream: Stream,
  inputs: CommandInputs,
  all: string[],
  onLine: (line: string) => void,
): () => string {
  const decoder = new StringDecoder("utf8");
  const logged = inputs.logged.includes(stream);
  let whole = "";
  let line = "";
  const take = (text: string) => {
    whole += text;
    all.push(text);
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    if (logged) lines.forEach(onLine);
  };
  source.on("data", (bytes: Buffer) => take(decoder.write(bytes)));
  source.on("end", () => {
    take(decoder.end());
    if (logged && line !== "") onLine(line);
  });
  return () => whole;
}

/** Exactly one: the official plugin does not trim further. */
function withoutLastNewline(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

function previousOutput(previous: Output | undefined): Record<string, string> {
  return {
    ...(previous?.stdout && { PULUMI_COMMAND_STDOUT: previous.stdout }),
    ...(previous?.stderr && { PULUMI_COMMAND_STDERR: previous.stderr }),
  };
}
