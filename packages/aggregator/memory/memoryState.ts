import { readIfThere, writeAtomically } from "../files.ts";
import type { Sight } from "./keepObject.ts";

/** What this server knows of one object. */
export interface KnownObject extends Sight {
  /** Digest of what it was last told to say. */
  readonly mark: string;
  /** When it last was written or seen, epoch ms. */
  readonly at: number;
}

/** Something of the memory that does not work. */
export interface Trouble {
  readonly code: "memory-unreadable" | "memory-unwritable";
  readonly message: string;
  /** ISO. */
  readonly since: string;
}

/** What this server knows of the lease (lease.ts). */
interface LeaseState {
  /** When it first looked, by the storage's clock. */
  readonly since: number;
  /** Until when it believes that another server asks the feeds, by its own clock; 0: it asks them itself. */
  readonly followsUntil: number;
}

export interface MemoryState {
  /** Below which everything lies; another permit begins with nothing. */
  readonly prefix: string;
  /** By name below the prefix. */
  readonly objects: Map<string, KnownObject>;
  /** Names of what could not be brought back in the last run. */
  missed?: readonly string[];
  /** ETags of records as they were last brought back while another server asked the feeds, by name. */
  recalled?: Readonly<Record<string, string>>;
  lease?: LeaseState;
  forgotten?: { readonly text: string; readonly etag?: string | undefined };
  /** At the end of the last run. */
  trouble?: Trouble | undefined;
}

/** A state that cannot be read is an empty one: everything in it is found again from the bucket. */
export async function readMemoryState(path: string, prefix: string): Promise<MemoryState> {
  const empty = { prefix, objects: new Map<string, KnownObject>() };
  const bytes = await readIfThere(path);
  try {
    const { schema, objects, ...state } = JSON.parse(bytes?.toString("utf8") ?? "");
    if (schema !== 1) return empty;
    // What is to be forgotten holds for every permit.
    if (state.prefix !== prefix) return { ...empty, forgotten: state.forgotten };
    return { ...state, objects: new Map(Object.entries(objects)) };
  } catch {
    return empty; // absent or cut
  }
}

export async function writeMemoryState(path: string, { objects, ...state }: MemoryState): Promise<void> {
  await writeAtomically(path, `${JSON.stringify({ schema: 1, ...state, objects: Object.fromEntries(objects) })}\n`);
}
