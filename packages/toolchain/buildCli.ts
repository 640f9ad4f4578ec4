import { createHash } from "node:crypto";
import { chmod, cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEntry, type Progress } from "./cacheEntry.ts";
import { findGo } from "./go.ts";
import { cliCache } from "./places.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { ToolchainError } from "./toolchainError.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** go.mod and go.sum of the build: `go install pulumi@version` is refused, because Pulumi's module has replace lines. */
const RECIPE = fileURLToPath(new URL("cli-build", import.meta.url));
const BUILD = [
  ...["build", "-trimpath", "-modcacherw", "-tags", "osusergo,grpcnotrace"],
  ...["-ldflags", `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`],
];
const MAIN_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const REMIND_MS = 60_000;

/** Folder in the user's cache for the CLI that this recipe makes, present or not. */
export async function builtCliFolder(environment: NodeJS.ProcessEnv): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([...BUILD, MAIN_PACKAGE]));
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(path.join(RECIPE, file)));
  return path.join(cliCache(environment), `${PULUMI_VERSION}-${hash.digest("hex").slice(0, 12)}`);
}

/**
 * Builds the real Pulumi CLI from its Go modules, once per user and recipe, and returns its path.
 * An interrupted build continues where it stopped; the Go caches it needs are removed when it is done.
 */
export async function ensureBuiltCli(environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<string> {
  const entry = await builtCliFolder(environment);
  await ensureEntry(entry, (partial) => build(partial, environment, onProgress), onProgress);
  return path.join(entry, "pulumi");
}

async function build(partial: string, environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<void> {
  const work = path.join(partial, "work");
  const temporary = path.join(work, "tmp");
  await rm(temporary, { recursive: true, force: true }); // an interrupted build's
  await mkdir(temporary, { recursive: true });
  await cp(RECIPE, work, { recursive: true });
  const go = await findGo(work, environment, onProgress);

  onProgress(`builds the Pulumi CLI ${PULUMI_VERSION} once, about 6 minutes on 2 idle cores`);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const reminder = setInterval(() => onProgress(`still building the Pulumi CLI, ${seconds()} s so far`), REMIND_MS);
  const binary = path.join(work, "pulumi");
  const result = await runProcess(go, [...BUILD, "-o", binary, MAIN_PACKAGE], {
    cwd: work,
    environment: {
      GOCACHE: path.join(work, "build-cache"),
      GOMODCACHE: path.join(work, "modules"),
      ...environment,
      // Go removes it at the end of a build only, and not from /tmp when it is interrupted.
      GOTMPDIR: temporary,
      // The recipe alone decides: no flags, workspace or other toolchain of the user, and no need for a C compiler.
      ...{ GOFLAGS: "-mod=readonly", GOWORK: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" },
    },
  });
  clearInterval(reminder);
  if (result.code !== 0) {
    throw new ToolchainError({
      code: "BUILD_FAILED",
      what: `building the Pulumi CLI failed after ${seconds()} s:`,
      why: lastLines(result.output),
      next: "Nothing was installed. Run the command again to go on, or install Pulumi itself: then nothing is built.",
    });
  }
  await proveVersion(binary, environment);
  await chmod(binary, 0o755);
  await rename(binary, path.join(partial, "pulumi"));
  await rm(work, { recursive: true, force: true });
  onProgress(`built the Pulumi CLI in ${seconds()} s`);
}

/** A binary that does not run, or is another version, never gets into the cache. */
export async function proveVersion(binary: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { code, stdout, output } = await runProcess(binary, ["version"], {
    environment: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    limitMs: 60_000,
  });
  if (code === 0 && stdout.trim() === `v${PULUMI_VERSION}`) return;
  const what = `${binary} should say v${PULUMI_VERSION} but says: ${lastLines(output)}`;
  throw new ToolchainError({ code: "WRONG_VERSION", what });
}
