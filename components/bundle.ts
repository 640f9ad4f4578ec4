import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "@planet/aggregator";

export interface BundleFile {
  /** Part of the user-data: another bundle is another server. */
  readonly sha256: string;
  /** Relative to the project, so that two clones have the same state. */
  readonly path: string;
}

/** A file and no text, because text assets are stored in every copy of the state. */
const FOLDER = join(".planet", "bundle");

/** Builds the aggregator and keeps it under its hash, for the provider to read from while it uploads. */
export async function writeBundle(): Promise<BundleFile> {
  const { bytes, sha256 } = await buildBundle();
  const path = join(FOLDER, `${sha256}.cjs`);
  if (!existsSync(path)) {
    mkdirSync(FOLDER, { recursive: true });
    // Whole or not at all: a preview and an update may run at the same time.
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  }
  return { sha256, path };
}
