import { gunzipSync, gzipSync } from "node:zlib";

/** Of an object as it lies in the bucket, and of what is in it. */
const PACKED_LIMIT_BYTES = 4 * 1024 * 1024;
const UNPACKED_LIMIT_BYTES = 32 * 1024 * 1024;

type UnreadableCode = "NEWER" | "UNREADABLE";

/** An object of the memory that cannot be used. `NEWER`: an engine after this one has written it. */
export class UnreadableObjectError extends Error {
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Equal texts give equal bytes: gzip's header holds no time here. Undefined for what is too large to be read again. */
export function packText(text: string): Buffer | undefined {
  const bytes = Buffer.from(text);
  if (bytes.length > UNPACKED_LIMIT_BYTES) return undefined;
  const packed = gzipSync(bytes);
  return packed.length > PACKED_LIMIT_BYTES ? undefined : packed;
}

export const pack = (value: unknown): Buffer | undefined => packText(JSON.stringify(value));

/** @throws {UnreadableObjectError} for what is cut, foreign, too large, or of a schema after `schema`. */
export function unpack(bytes: Uint8Array, schema: number): unknown {
  const value = parsed(unpackText(bytes));
  const found = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (typeof found === "number" && found > schema) throw newer();
  return value;
}

/** @throws {UnreadableObjectError} */
export function unpackText(bytes: Uint8Array): string {
  if (bytes.length > PACKED_LIMIT_BYTES) throw unreadable();
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT_BYTES }).toString("utf8");
  } catch (cause) {
    throw unreadable({ cause });
  }
}

export const newer = () => new UnreadableObjectError("NEWER", "a newer engine has written it");
export const unreadable = (options?: ErrorOptions) =>
  new UnreadableObjectError("UNREADABLE", "it is cut, too large, or not the memory's", options);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable({ cause });
  }
}
