import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LocalCloudError } from "../localCloudError.ts";
import { type Change, type Core, coreOf, replayed, resolved } from "./changes.ts";
import { withoutServers } from "./newWorld.ts";
import type { WorldState } from "./types.ts";
import type { World } from "./world.ts";

/** Raised when the shape of the state changes; an older file is refused, never guessed at. */
const FORMAT = 2;
/** The same state without a journal. */
const FORMAT_WITHOUT_JOURNAL = 1;

/** A journal is at least this large before a new snapshot is worth its cost. */
const SMALLEST_JOURNAL_BYTES = 1024 * 1024;

/** The whole state at one moment. */
interface Snapshot {
  readonly format: unknown;
  /** Name of the file with what has changed since. */
  readonly journal?: string;
  readonly state: WorldState;
}

/** One line of the journal: what one write has changed. */
interface Entry {
  readonly counter: number;
  /** Absent: as it was. */
  readonly core?: Core;
  readonly changes: readonly Change[];
}

/** @throws {LocalCloudError} `OTHER_FORMAT` when the file is not a state of this version. */
export function readStateFile(path: string): WorldState | undefined {
  if (!existsSync(path)) return undefined;
  const { format, journal, state } = JSON.parse(readFileSync(path, "utf8"), revive) as Snapshot;
  if (format !== FORMAT && format !== FORMAT_WITHOUT_JOURNAL) {
    throw new LocalCloudError(
      "OTHER_FORMAT",
      `${path} has format ${String(format)}, this version reads ${FORMAT}. Reset the local cloud to start an empty one.`,
    );
  }
  const entries = journal === undefined ? [] : entriesOf(join(dirname(path), journal));
  // One of before there was load balancing has none of it.
  return { ...withoutServers(), ...entries.reduce(withEntry, state) };
}

/** What a kill has cut off has no line end: nobody was told that it is kept. */
function entriesOf(journal: string): Entry[] {
  if (!existsSync(journal)) return []; // nothing has changed since the snapshot
  const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line, revive) as Entry);
}

const withEntry = (state: WorldState, { counter, core, changes }: Entry): WorldState =>
  replayed({ ...state, counter }, core, changes);

/**
 * Keeps the state on disk, so that a reader finds it as it was after the last write that ended, whenever the process is killed. A write
 * appends one line to a journal; its cost does not depend on the number of objects. When the journal has become as large
 * as the snapshot before it, the whole state is written (temporary file, fsync, rename), with a new journal.
 * Calls that come while a write is under way share the next one.
 */
export class StateFile {
  readonly #path: string;
  readonly #world: Pick<World, "state" | "changed">;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** Absent: the next write is a snapshot. */
  #journal: { readonly path: string; readonly limit: number; bytes: number } | undefined;
  #core = "";

  constructor(path: string, world: Pick<World, "state" | "changed">) {
    this.#path = path;
    this.#world = world;
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
    const { state, changed } = this.#world;
    const paths = changed.splice(0);
    const core = JSON.stringify(coreOf(state), replace);
    const isNewCore = core !== this.#core;
    this.#core = core;
    const journal = this.#journal;
    this.#journal = undefined; // a line that fails may be there in part, and nothing must follow it
    if (!journal || journal.bytes > journal.limit) {
      this.#journal = await this.#writeSnapshot();
      return;
    }
    const changes = paths.map((path) => resolved(state, path));
    const text = JSON.stringify({ counter: state.counter, changes } satisfies Entry, replace);
    const line = `${isNewCore ? `${text.slice(0, -1)},"core":${core}}` : text}\n`;
    await writeSynced(journal.path, line, "a");
    this.#journal = { ...journal, bytes: journal.bytes + line.length };
  }

  async #writeSnapshot() {
    const folder = dirname(this.#path);
    const name = `${basename(this.#path)}.${randomBytes(8).toString("hex")}.journal`;
    const snapshot: Snapshot = { format: FORMAT, journal: name, state: this.#world.state };
    const text = `${JSON.stringify(snapshot, replace, 1)}\n`;
    await mkdir(folder, { recursive: true });
    const temporary = `${this.#path}.new`;
    await writeSynced(temporary, text, "w");
    await rename(temporary, this.#path);
    const isOld = (file: string) =>
      file.startsWith(`${basename(this.#path)}.`) && file.endsWith(".journal") && file !== name;
    for (const file of (await readdir(folder)).filter(isOld)) await rm(join(folder, file), { force: true });
    return { path: join(folder, name), limit: Math.max(text.length, SMALLEST_JOURNAL_BYTES), bytes: 0 };
  }
}

async function writeSynced(path: string, text: string, flags: "a" | "w"): Promise<void> {
  const file = await open(path, flags, 0o600); // it holds the secret key
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
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
