import { gunzipSync, gzipSync } from "node:zlib";

/** Of an object as it lies in the bucket, and of what is in it. */
export const PACKED_LIMIT_BYTES = 4 * 1024 * 1024;
const UNPACKED_LIMIT_BYTES = 32 * 1024 * 1024;

/** An object of the memory that cannot be used. `NEWER`: an engine after this one has written it. */
export class UnreadableObjectError extends Error {
  readonly code: "NEWER" | "UNREADABLE";

  constructor(code: "NEWER" | "UNREADABLE", message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Equal values give equal bytes: gzip's header holds no time here. Undefined for what is too large to be read again. */
export function pack(value: unknown): Buffer | undefined {
  const text = Buffer.from(JSON.stringify(value));
  if (text.length > UNPACKED_LIMIT_BYTES) return undefined;
  const packed = gzipSync(text);
  return packed.length > PACKED_LIMIT_BYTES ? undefined : packed;
}

/** @throws {UnreadableObjectError} for what is cut, foreign, too large, or of a schema after `schema`. */
export function unpack(bytes: Uint8Array, schema: number): unknown {
  if (bytes.length > PACKED_LIMIT_BYTES) throw new UnreadableObjectError("UNREADABLE", "it is too large");
  const value = parsed(bytes);
  const found = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (typeof found === "number" && found > schema)
    throw new UnreadableObjectError("NEWER", `a newer engine has written it (schema ${found})`);
  return value;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT_BYTES }).toString("utf8"));
  } catch (cause) {
    throw new UnreadableObjectError("UNREADABLE", "it is cut, too large, or not ours", { cause });
  }
}
