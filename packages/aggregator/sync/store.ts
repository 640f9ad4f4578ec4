import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "@planet/content";
import { readIfThere, writeAtomically } from "../files.ts";

/**
 * Bytes by their hash, in `staging/`: what was read from the bucket and is not (yet) part of the content in effect. Everything is
 * checked again when it is taken out, so a damaged file is only an absent one.
 */
export class ContentStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(sha256: string, bytes: Uint8Array): Promise<void> {
    if ((await this.get(sha256)) === undefined) await writeAtomically(join(this.#folder, sha256), bytes);
  }

  async get(sha256: string): Promise<Uint8Array | undefined> {
    const bytes = await readIfThere(join(this.#folder, sha256));
    return bytes !== undefined && sha256Of(bytes) === sha256 ? bytes : undefined;
  }

  /** Removes all but the named hashes, and with them what a killed sync left behind. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const name of await readdir(this.#folder)) {
      if (!hashes.has(name)) await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }
}
