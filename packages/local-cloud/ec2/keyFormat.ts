import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { keyFormatInvalid } from "./errors.ts";

/** Bits. Source: Corymbia/eucalyptus `KeyPairManager.java`; 3072, the default of ssh-keygen, is not among them. */
const RSA_SIZES = [1024, 2048, 4096];

export interface PublicKey {
  readonly line: string;
  readonly fingerprint: string;
}

/**
 * `ssh-rsa …`, RFC 4716 text or DER in base64. The fingerprint of an imported key is over its SSH form, as
 * `ssh-keygen -l -E md5` prints it (observed on Eucalyptus 5.1.0, 2026-11-28).
 * @throws {ServiceError} `InvalidKey.Format`
 */
export function parsePublicKey(material: Buffer): PublicKey {
  const text = material.toString("utf8").trim();
  const key = text.startsWith("ssh-rsa ")
    ? fromSshBlob(Buffer.from(text.split(/\s+/)[1] ?? "", "base64"))
    : text.startsWith("---- BEGIN SSH2 PUBLIC KEY ----")
      ? fromSshBlob(Buffer.from(rfc4716Body(text), "base64"))
      : fromDer(material);
  const size = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== "rsa" || !RSA_SIZES.includes(size)) throw keyFormatInvalid();
  const line = text.startsWith("ssh-rsa ") ? text : sshLine(key);
  return { line, fingerprint: md5(Buffer.from(line.split(/\s+/)[1] ?? "", "base64")) };
}

/** A key that the cloud made: its fingerprint is over the public key's DER. */
export function describeKey(key: KeyObject, line = sshLine(key)): PublicKey {
  return { line, fingerprint: md5(key.export({ type: "spki", format: "der" })) };
}

function md5(bytes: Buffer): string {
  const digest = createHash("md5").update(bytes).digest("hex");
  return (digest.match(/../g) ?? []).join(":");
}

function fromDer(material: Buffer): KeyObject {
  const candidates = [material, Buffer.from(material.toString("ascii"), "base64")];
  for (const key of candidates) {
    try {
      return createPublicKey({ key, format: "der", type: "spki" });
    } catch {
      // not this form
    }
  }
  throw keyFormatInvalid();
}

function fromSshBlob(blob: Buffer): KeyObject {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) throw keyFormatInvalid();
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  const [name, exponent, modulus] = fields;
  if (name?.toString("ascii") !== "ssh-rsa" || !exponent || !modulus) throw keyFormatInvalid();
  const jwk = { kty: "RSA", e: unsigned(exponent).toString("base64url"), n: unsigned(modulus).toString("base64url") };
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** SSH numbers carry a leading zero when the highest bit is set, JWK numbers never. */
function unsigned(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}

function rfc4716Body(text: string): string {
  return text
    .split(/\r?\n/)
    .slice(1, -1)
    .filter((line) => !line.includes(":"))
    .join("");
}

function sshLine(key: KeyObject): string {
  const { e = "", n = "" } = key.export({ format: "jwk" });
  const number = (text: string) => {
    const bytes = Buffer.from(text, "base64url");
    return field((bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
  };
  const blob = Buffer.concat([field(Buffer.from("ssh-rsa")), number(e), number(n)]);
  return `ssh-rsa ${blob.toString("base64")}`;
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
