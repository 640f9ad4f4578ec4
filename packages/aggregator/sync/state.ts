import { readIfThere, writeAtomically } from "../files.ts";

/** What is known about one live object since it was last read. */
export interface LiveRecord {
  readonly sha256: string;
  readonly etag?: string;
  /** The Last-Modified time, ISO. */
  readonly modified?: string;
  /** When these bytes were seen first, by the server's own clock, ISO. */
  readonly firstSeen: string;
  /** When the whole object was last read, ISO: a 304 is believed for a day. */
  readonly readAt: string;
}

/** An edit that was looked at and not taken. */
export interface RejectedRecord {
  readonly sha256: string;
  readonly at: string;
  readonly line?: number;
  readonly code: string;
  readonly message: string;
  /** Content digest of the manifest it was tried with; with another one it gets another chance. */
  readonly digest: string;
}

export interface SyncState {
  manifest?: LiveRecord & { readonly text: string };
  live: Record<string, LiveRecord>;
  rejected: Record<string, RejectedRecord>;
  /** Trials that were begun and did not come back, by the hash of what was tried: attempts.ts. */
  attempts?: Record<string, number>;
  /** Counts the contents that were made with edits. */
  edits: number;
  published?: { readonly build: string; readonly entries: number; readonly at: string };
}

const empty = (): SyncState => ({ live: {}, rejected: {}, edits: 0 });

/** A state that cannot be read is an empty one: everything in it is found again from the bucket. */
export async function readState(path: string): Promise<SyncState> {
  const bytes = await readIfThere(path);
  if (bytes === undefined) return empty();
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    const usable = typeof value === "object" && value !== null && "schema" in value && value.schema === 1;
    return usable ? { ...empty(), ...value } : empty();
  } catch {
    return empty();
  }
}

export async function writeState(path: string, state: SyncState): Promise<void> {
  await writeAtomically(path, `${JSON.stringify({ schema: 1, ...state })}\n`);
}
