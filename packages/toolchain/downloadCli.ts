import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "@planet/errors";
import { proveVersion } from "./buildCli.ts";
import { ensureEntry, type Progress } from "./cacheEntry.ts";
import { cliCache } from "./places.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** Where Pulumi publishes its releases (https://www.pulumi.com/docs/install/). */
const RELEASES = "https://get.pulumi.com/releases/sdk";

/** Offline this is all the time that is lost; a slow line (under 20 KB/s for 15 s) counts as none. */
const LIMITS = ["--connect-timeout", "4", "--speed-limit", "20000", "--speed-time", "15"];

/** Folder in the user's cache for the official release, present or not. */
export function downloadedCliFolder(environment: NodeJS.ProcessEnv): string {
  return path.join(cliCache(environment), `${PULUMI_VERSION}-official`);
}

/**
 * Takes Pulumi's own release, with its own language host, when it can be reached within seconds; else undefined.
 * By curl: it knows the machine's proxy and certificates.
 */
export async function downloadCli(
  environment: NodeJS.ProcessEnv,
  onProgress: Progress,
  releases = RELEASES,
): Promise<string | undefined> {
  const entry = downloadedCliFolder(environment);
  try {
    await ensureEntry(entry, (partial) => fill(partial, `${releases}/${archiveName()}`, environment), onProgress);
    return path.join(entry, "pulumi");
  } catch (error) {
    onProgress(`the official download cannot be used here (${messageOf(error)})`);
    return undefined;
  }
}

function archiveName(): string {
  return `pulumi-v${PULUMI_VERSION}-${process.platform}-${process.arch}.tar.gz`;
}

async function fill(partial: string, url: string, environment: NodeJS.ProcessEnv): Promise<void> {
  // Never continued: a file cut off in the middle looks like a whole one.
  await rm(partial, { recursive: true });
  const archive = path.join(partial, "archive.tar.gz");
  const unpacked = path.join(partial, "unpacked");
  await mkdir(unpacked, { recursive: true });
  await must("curl", ["--fail", "--silent", "--show-error", "--location", ...LIMITS, "--output", archive, url]);
  await must("tar", ["-xzf", archive, "-C", unpacked, "--strip-components=1"]);
  await proveVersion(path.join(unpacked, "pulumi"), environment);
  for (const name of await readdir(unpacked)) await rename(path.join(unpacked, name), path.join(partial, name));
  await rm(unpacked, { recursive: true });
  await rm(archive);

  async function must(program: string, args: readonly string[]) {
    const { code, output } = await runProcess(program, args, { environment });
    if (code !== 0) throw new Error(lastLines(output, 1) || `${program} failed`);
  }
}
