import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/*
 * How secrets lie in a public bucket: AES-256-GCM with the planet's certificate key, as base64(nonce | ciphertext | tag). The
 * clear fields beside it are the additional data: whoever changes one of them has broken the seal.
 */

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type SealCode = "NOT_READABLE" | "SEALED_WITH_ANOTHER_KEY" | "SEAL_BROKEN" | "WRONG_CERTIFICATE_KEY";

/** A sealed object that cannot be used. Its message holds nothing that the object has said. */
export class SealError extends Error {
  override readonly name = "SealError";
  readonly code: SealCode;

  constructor(code: SealCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The key's bytes. @throws {SealError} for anything but 64 hex digits; the text does not repeat it. */
function bytesOf(key: string): Buffer {
  if (/^[0-9a-f]{64}$/.test(key)) return Buffer.from(key, "hex");
  throw new SealError("WRONG_CERTIFICATE_KEY", "the certificate key is not 64 hex digits");
}

/** By which a sealed object says which key opens it: 16 hex digits, public. @param key 64 hex digits. @throws {SealError} */
export const keyIdOf = (key: string): string => createHash("sha256").update(bytesOf(key)).digest("hex").slice(0, 16);

/** @param clear The fields that lie beside it, in their exact bytes. @param key 64 hex digits. @returns base64. */
export function seal(secret: string, clear: string, key: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytesOf(key), nonce).setAAD(Buffer.from(clear));
  return Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
}

/** What {@link seal} was given. @throws {SealError} when the text, the clear fields or the key are others. */
export function openSealed(sealed: string, clear: string, key: string): string {
  const bytes = Buffer.from(sealed, "base64");
  // Some letters at the end of base64 stand for the same bytes: only one way of writing them is the sealer's.
  const isWhole = bytes.length >= NONCE_BYTES + TAG_BYTES && bytes.toString("base64") === sealed;
  if (!isWhole) throw new SealError("NOT_READABLE", "its sealed part is not whole");
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, bytesOf(key), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(clear)).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const secret = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return secret.toString("utf8");
  } catch {
    throw new SealError("SEAL_BROKEN", "its seal is broken: it was changed after it was sealed");
  }
}
