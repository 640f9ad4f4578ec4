import { UnreadableObjectError, unpack } from "./packed.ts";
import { readStoredRecord, StoredFormError } from "./readStored.ts";
import { type Opening, openingsOf } from "./restore.ts";
import { STORED_SCHEMA, type StoredRecord } from "./storedRecord.ts";

/** A record as it lies in the bucket, where anybody with the permit may have put it. */
export type ForeignRecord =
  | { readonly kind: "record"; readonly stored: StoredRecord; readonly openings: readonly Opening[] }
  /** To be left alone, never to be overwritten. */
  | { readonly kind: "newer" }
  | { readonly kind: "unusable" };

/** Belongs into a reader thread. */
export function readForeignRecord(bytes: Uint8Array): ForeignRecord {
  try {
    const stored = readStoredRecord(unpack(bytes, STORED_SCHEMA));
    return { kind: "record", stored, openings: openingsOf(stored) };
  } catch (error) {
    if (error instanceof UnreadableObjectError) return { kind: error.code === "NEWER" ? "newer" : "unusable" };
    if (error instanceof StoredFormError) return { kind: "unusable" };
    throw error;
  }
}
