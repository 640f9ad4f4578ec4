import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { codeOf, messageOf } from "@planet/errors";
import { proveVersion } from "./buildCli.ts";
import { ensureEntry, type Progress } from "./cacheEntry.ts";
import { cliCache } from "./places.ts";
import { lastLines, runProcess } from "./runProcess.ts";
import { ToolchainError } from "./toolchainError.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** Where releases are, and which bytes they have. */
interface Releases {
  readonly url: string;
  /** SHA-256 of each archive that may be taken, by its name. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** As Pulumi publishes them (https://www.pulumi.com/docs/install/). */
const PULUMI: Releases = {
  url: "https://get.pulumi.com/releases/sdk",
  // Empty: no archive of this version could be had where this was written, so none is taken and the CLI is built. A line here,
  // "pulumi-v3.259.0-linux-x64.tar.gz": "<SHA-256 of the release's checksums.txt>", allows it on its platform.
  sha256: {},
};

/** Offline this is all the time that is lost; a slow line (under 20 KB/s for 15 s) counts as none. */
const LIMITS = ["--connect-timeout", "4", "--speed-limit", "20000", "--speed-time", "15"];

/** Also behind a redirect: what arrives over plain http may be anybody's. */
const HTTPS_ONLY = ["--proto", "=https", "--proto-redir", "=https"];

/** Its name on this platform. */
const ARCHIVE = `pulumi-v${PULUMI_VERSION}-${process.platform}-${process.arch}.tar.gz`;

/** Folder in the user's cache for the official release, present or not; undefined where no hash of it is pinned. */
export function downloadedCliFolder(environment: NodeJS.ProcessEnv, releases = PULUMI): string | undefined {
  const sha256 = releases.sha256[ARCHIVE];
  return sha256 && path.join(cliCache(environment), `${PULUMI_VERSION}-official-${sha256.slice(0, 12)}`);
}

/**
 * Takes Pulumi's own release, with its own language host, when its hash is pinned and it can be reached within seconds; else
 * undefined. By curl: it knows the machine's proxy and certificates. Whatever fails, nothing of it stays.
 * @throws {ToolchainError} CHANGED_ARCHIVE when what arrives is not what is pinned; nothing of it has run then.
 */
export async function downloadCli(
  environment: NodeJS.ProcessEnv,
  onProgress: Progress,
  releases = PULUMI,
): Promise<string | undefined> {
  const entry = downloadedCliFolder(environment, releases);
  const sha256 = releases.sha256[ARCHIVE];
  if (entry === undefined || sha256 === undefined) return undefined;
  const archive = { url: `${releases.url}/${ARCHIVE}`, sha256 };
  try {
    await ensureEntry(entry, (partial) => fill(partial, archive, environment), onProgress);
    return path.join(entry, "pulumi");
  } catch (error) {
    if (codeOf(error) === "CHANGED_ARCHIVE") throw error;
    onProgress(`the official download cannot be used here (${messageOf(error)})`);
    return undefined;
  }
}

interface Archive {
  readonly url: string;
  readonly sha256: string;
}

async function fill(partial: string, archive: Archive, environment: NodeJS.ProcessEnv): Promise<void> {
  // Never continued: a file cut off in the middle looks like a whole one.
  await rm(partial, { recursive: true });
  try {
    await unpack(archive, partial, environment);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function unpack({ url, sha256 }: Archive, folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const file = path.join(folder, "archive.tar.gz");
  const unpacked = path.join(folder, "unpacked");
  await mkdir(unpacked, { recursive: true });
  const asked = ["--fail", "--silent", "--show-error", "--location", ...HTTPS_ONLY, ...LIMITS];
  await must("curl", [...asked, "--output", file, url]);
  await proveBytes(file, sha256, url);
  await must("tar", ["-xzf", file, "-C", unpacked, "--strip-components=1"]);
  await proveVersion(path.join(unpacked, "pulumi"), environment);
  for (const name of await readdir(unpacked)) await rename(path.join(unpacked, name), path.join(folder, name));
  await rm(unpacked, { recursive: true });
  await rm(file);

  async function must(program: string, args: readonly string[]) {
    const { code, output } = await runProcess(program, args, { environment });
    if (code !== 0) throw new Error(lastLines(output, 1) || `${program} failed`);
  }
}

async function proveBytes(file: string, sha256: string, url: string): Promise<void> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const found = hash.digest("hex");
  if (found === sha256) return;
  throw new ToolchainError({
    code: "CHANGED_ARCHIVE",
    what: `${url} is not the release that this project knows, and was not unpacked.`,
    why: `Its SHA-256 is ${found}, and should be ${sha256}.`,
    next:
      "Nothing was installed. Run the command again; if it says the same, something between this machine and Pulumi changes downloads. " +
      `Then put a pulumi ${PULUMI_VERSION} that you trust, with its language host beside it, on PATH.`,
  });
}
