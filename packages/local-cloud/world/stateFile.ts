import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { LocalCloudError } from "../localCloudError.ts";
import type { WorldState } from "./types.ts";

/** Raised when the shape of the state changes; an older file is refused, never guessed at. */
const FORMAT = 1;

/** @throws {LocalCloudError} `OTHER_FORMAT` when the file is not a state of this version. */
export function readStateFile(path: string): WorldState | undefined {
  if (!existsSync(path)) return undefined;
  const { format, state } = JSON.parse(readFileSync(path, "utf8"), revive) as { format: unknown; state: WorldState };
  if (format !== FORMAT) {
    throw new LocalCloudError(
      "OTHER_FORMAT",
      `${path} has format ${String(format)}, this version reads ${FORMAT}. Reset the local cloud to start an empty one.`,
    );
  }
  return state;
}

/**
 * Writes the state so that a reader finds the old file or the new one, never a part: temporary file, fsync, rename.
 * Calls that come while a write is under way share the next one.
 */
export class StateFile {
  readonly #path: string;
  readonly #state: WorldState;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(path: string, state: WorldState) {
    this.#path = path;
    this.#state = state;
  }

  /** Resolves when everything that was true at the call is on disk. */
  flush(): Promise<void> {
    this.#next ??= this.#current.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  #begin(): Promise<void> {
    this.#current = this.#write();
    this.#next = undefined;
    return this.#current;
  }

  async #write(): Promise<void> {
    const text = `${JSON.stringify({ format: FORMAT, state: this.#state }, replace, 1)}\n`;
    await mkdir(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, "w", 0o600); // it holds the secret key
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
  }
}

/** Maps, since names come from clients and `__proto__` is a valid object key. */
function replace(_key: string, value: unknown): unknown {
  return value instanceof Map ? { $map: [...value] } : value;
}

function revive(_key: string, value: unknown): unknown {
  const entries = typeof value === "object" && value !== null && "$map" in value ? value.$map : undefined;
  return Array.isArray(entries) ? new Map(entries as [unknown, unknown][]) : value;
}
