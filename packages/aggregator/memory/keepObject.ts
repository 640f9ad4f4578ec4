import { sha256Of } from "@planet/content";
import { UnreadableObjectError } from "./packed.ts";

/**
 * What is written must have been read so shortly before. With an upload's own limit: fifteen seconds after a write, every
 * other write that did not know of it has landed, and reading again shows whether it was lost.
 */
const READ_VALID_MS = 5_000;
const TRIES = 3;

/** What the storage says of one object; anything but these two is thrown. */
export type Lying = { readonly state: "found"; readonly bytes: Uint8Array } | { readonly state: "none" };

export interface ObjectStore {
  /** @throws when the storage does not say what lies there, or that nothing does. */
  read(name: string): Promise<Lying>;
  /** @throws {UploadError} */
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** An object that several servers write. */
export interface SharedObject<Value> {
  readonly name: string;
  /** @throws {UnreadableObjectError} */
  decode(bytes: Uint8Array): Promise<Value>;
  /** Undefined when it would be too large. */
  encode(value: Value): Uint8Array | undefined;
  /** What should lie there, with what lies there. It is a join: never less. */
  combine(stored: Value | undefined): Promise<Value>;
  isSame(stored: Value, wanted: Value): boolean;
}

/** `whole`: it says so already, in these bytes. `written`: to be read again, since another server may have written at the same time. */
export type Kept = { readonly state: "whole"; readonly digest: string } | { readonly state: "written" };

/**
 * Makes the object say what it should. Nothing is written over what could not be read.
 * @param clock in ms, never set back
 * @throws {UnreadableObjectError | UploadError} or what the store throws
 */
export async function keepObject<Value>(
  object: SharedObject<Value>,
  store: ObjectStore,
  clock: () => number,
): Promise<Kept> {
  for (let left = TRIES; left > 0; left -= 1) {
    const readAt = clock();
    const lying = await store.read(object.name);
    const stored = lying.state === "none" ? undefined : await object.decode(lying.bytes);
    const wanted = await object.combine(stored);
    if (lying.state === "found" && stored !== undefined && object.isSame(stored, wanted)) {
      return { state: "whole", digest: sha256Of(lying.bytes) };
    }
    const bytes = object.encode(wanted);
    if (bytes === undefined) throw new UnreadableObjectError("UNREADABLE", "it would be too large");
    if (clock() - readAt > READ_VALID_MS) continue;
    await store.write(object.name, bytes);
    return { state: "written" };
  }
  throw new UnreadableObjectError("UNREADABLE", "reading it takes too long to write it safely");
}

/** What a server has seen of an object. */
export interface Sight {
  /** In how many looks in a row it was whole, and the same bytes. */
  readonly seen: number;
  /** Of those bytes; empty when it was not whole. */
  readonly digest: string;
}

/** Seen so often, an object is done. */
export const SEEN_ENOUGH = 2;

/** What one look more makes of it. Another server's entry that has come meanwhile was seen once. */
export function sightAfter(before: Sight | undefined, kept: Kept): Sight {
  if (kept.state === "written") return { seen: 0, digest: "" };
  const { digest } = kept;
  return { seen: before?.digest === digest ? Math.min(SEEN_ENOUGH, before.seen + 1) : 1, digest };
}
