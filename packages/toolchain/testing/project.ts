import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureToolchain } from "../ensureToolchain.ts";
import { toolchainEnvironment } from "../toolchainEnvironment.ts";

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of one test program in a folder of its own, with toolchain, home and state there. */
export interface Project {
  readonly folder: string;
  pulumi(...args: string[]): Promise<Run>;
  /** As `pulumi`, and sends a signal to the CLI (SIGINT is Ctrl-C) as soon as the output contains `text`. */
  signalledAt(text: string, signal: NodeJS.Signals, ...args: string[]): Promise<Run>;
  remove(): Promise<void>;
}

export async function makeProject(name: string): Promise<Project> {
  const folder = await mkdtemp(path.join(tmpdir(), "planet-engine-"));
  await cp(fileURLToPath(new URL(`../testdata/${name}`, import.meta.url)), folder, { recursive: true });
  await symlink(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));

  const { pulumi } = await ensureToolchain({ checkout: folder, onProgress: () => undefined });
  const { PULUMI_BACKEND_URL: _backend, PULUMI_HOME: _home, ...outer } = process.env;
  const environment = await toolchainEnvironment({
    checkout: folder,
    stack: "local",
    // A proxy that leads nowhere: a download would be tried, fail, and show in the output.
    env: { ...outer, https_proxy: "http://127.0.0.1:1", http_proxy: "http://127.0.0.1:1" },
    onNotice: () => undefined,
  });

  const start = (args: readonly string[], watch: (output: string, cli: ChildProcess) => void): Promise<Run> =>
    new Promise((resolve, reject) => {
      const child = spawn(pulumi, ["--non-interactive", ...args], { cwd: folder, env: environment, stdio: "pipe" });
      let output = "";
      const take = (text: string) => {
        output += text;
        watch(output, child);
      };
      child.stdout.setEncoding("utf8").on("data", take);
      child.stderr.setEncoding("utf8").on("data", take);
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output }));
    });

  return {
    folder,
    pulumi: (...args) => start(args, () => undefined),
    signalledAt(text, signal, ...args) {
      let isDone = false;
      return start(args, (output, cli) => {
        if (isDone || !output.includes(text)) return;
        isDone = true;
        cli.kill(signal);
      });
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
