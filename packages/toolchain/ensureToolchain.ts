import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { builtCliFolder, ensureBuiltCli } from "./buildCli.ts";
import type { Progress } from "./cacheEntry.ts";
import { downloadCli, downloadedCliFolder } from "./downloadCli.ts";
import { findInstalledCli } from "./installedCli.ts";
import { placeBuiltCli, placeCommandPlugin, placeOfficialCli } from "./layout.ts";
import { type Places, placesOf } from "./places.ts";
import { PULUMI_VERSION } from "./versions.ts";

export interface Toolchain {
  /** The CLI to run. */
  readonly pulumi: string;
  /** `installed` = found on PATH; `downloaded` = Pulumi's release; `built` = from Go modules, with our small host. */
  readonly origin: "installed" | "downloaded" | "built";
}

export interface ToolchainRequest {
  readonly checkout: string;
  readonly onProgress: Progress;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Makes sure that this checkout has a Pulumi CLI with a language host and the command plugin. Takes no time when they
 * are there. Order: the user's own `pulumi`; what is in the cache; the official download, if its hash is pinned; a build from
 * Go modules.
 * @throws {ToolchainError} when none of these ways works; nothing half-made is left behind then.
 */
export async function ensureToolchain(request: ToolchainRequest): Promise<Toolchain> {
  const { checkout, onProgress, environment = process.env } = request;
  const places = placesOf(checkout);
  const toolchain = await placeCli(places, environment, onProgress);
  await placeCommandPlugin(places, process.execPath);
  if (recordedChoice(checkout)?.pulumi !== toolchain.pulumi) {
    onProgress(`Pulumi CLI: ${toolchain.pulumi} (${toolchain.origin})`);
    await mkdir(path.dirname(places.choice), { recursive: true });
    await writeFile(places.choice, `${JSON.stringify(toolchain)}\n`);
  }
  return toolchain;
}

async function placeCli(places: Places, environment: NodeJS.ProcessEnv, onProgress: Progress): Promise<Toolchain> {
  const installed = await findInstalledCli(environment, PULUMI_VERSION);
  if (installed) return { pulumi: installed.path, origin: "installed" };

  const official = downloadedCliFolder(environment);
  const isBuilt = existsSync(await builtCliFolder(environment));
  if (official && (existsSync(official) || (!isBuilt && (await downloadCli(environment, onProgress))))) {
    return { pulumi: await placeOfficialCli(places, official), origin: "downloaded" };
  }
  const binary = await ensureBuiltCli(environment, onProgress);
  return { pulumi: await placeBuiltCli(places, binary, process.execPath), origin: "built" };
}

function recordedChoice(checkout: string): Toolchain | undefined {
  try {
    return JSON.parse(readFileSync(placesOf(checkout).choice, "utf8")) as Toolchain;
  } catch {
    return undefined; // not set up yet
  }
}
