import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LocalCloudError, type LocalCloudErrorCode } from "../localCloudError.ts";

/** What the other side may need to know; sudo itself passes on almost nothing. */
const PASSED_VARIABLES = [
  "HOME",
  "PATH",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "http_proxy",
  "https_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
];

/** Runs a verb of main.ts; with `asRoot` through sudo when this process is somebody else's. */
export function runMain(
  words: readonly string[],
  options: { asRoot: boolean; failure: LocalCloudErrorCode; onProgress: (line: string) => void },
): Promise<void> {
  const [program = "", ...args] = mainCommand(words, options.asRoot);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: process.env });
  let problem = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n")) if (line) options.onProgress(line);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    problem += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new LocalCloudError(options.failure, problem.trim() || `\`${program} ${args.join(" ")}\` ended with ${code}`),
        );
    });
  });
}

/** Runs a verb of main.ts at the caller's own terminal. @returns its exit code */
export function runAtTerminal(words: readonly string[]): number {
  const [program = "", ...args] = mainCommand(words, true);
  return spawnSync(program, args, { stdio: "inherit" }).status ?? 1;
}

function mainCommand(words: readonly string[], asRoot: boolean): string[] {
  const command = [process.execPath, fileURLToPath(new URL("main.ts", import.meta.url)), ...words];
  if (!asRoot || process.getuid?.() === 0) return command;
  const passed = PASSED_VARIABLES.flatMap((name) =>
    process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`],
  );
  return ["sudo", "-n", "env", ...passed, ...command];
}
