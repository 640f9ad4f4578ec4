import { createHash, createPublicKey } from "node:crypto";
import type { Value } from "@planet/pulumi-plugin";

/** Source: Corymbia/eucalyptus `KeyPairManager.java`; 1024 is accepted there too, and not worth its risk. */
const MODULUS_BITS = [2048, 4096];

const MAKE_ONE = 'make one with `ssh-keygen -t rsa -b 4096` and give the line of its ".pub" file';

/** Reason why the cloud would not take the key: today's default of ssh-keygen, ed25519, is one of them. */
export function problemWithPublicKey(value: Value): string | undefined {
  const [type = "", base64 = ""] = words(value);
  if (type === "-----BEGIN") return `is a PEM file; ${MAKE_ONE}`;
  if (type !== "ssh-rsa") return `is of type "${type.slice(0, 40)}", Eucalyptus takes only RSA; ${MAKE_ONE}`;
  const key = readRsa(base64);
  if (!key) return `is not a well-formed ssh-rsa key; ${MAKE_ONE}`;
  if (!MODULUS_BITS.includes(key.bits))
    return `has ${key.bits} bits, Eucalyptus takes ${MODULUS_BITS.join(" or ")}; ${MAKE_ONE}`;
  return undefined;
}

/** The comment behind the key means nothing. */
export function samePublicKey(old: Value, now: Value): boolean {
  const key = (value: Value) => words(value).slice(0, 2).join(" ");
  return key(old) === key(now);
}

/** Ways in which clouds write the fingerprint of an imported key; which one Eucalyptus uses is not documented. */
export function possibleFingerprints(publicKey: string): string[] {
  const [, base64 = ""] = words(publicKey);
  const key = readRsa(base64);
  if (!key) return [];
  return [key.der, Buffer.from(base64, "base64")].flatMap((bytes) =>
    ["md5", "sha1"].map((algorithm) => {
      const hex = createHash(algorithm).update(bytes).digest("hex");
      return hex.replaceAll(/(..)(?=.)/g, "$1:");
    }),
  );
}

function words(value: Value): string[] {
  return typeof value === "string" ? value.trim().split(/\s+/) : [];
}

/** RFC 4253, section 6.6: name, exponent, modulus, each with a length of four bytes. */
function readRsa(base64: string): { bits: number; der: Buffer } | undefined {
  const fields = readFields(Buffer.from(base64, "base64"));
  const [name, exponent, modulus] = fields;
  if (fields.length !== 3 || name?.toString() !== "ssh-rsa" || !exponent?.length || !modulus?.length) return undefined;
  const jwk = {
    kty: "RSA",
    n: withoutSign(modulus).toString("base64url"),
    e: withoutSign(exponent).toString("base64url"),
  };
  try {
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return { bits, der: key.export({ type: "spki", format: "der" }) };
  } catch {
    return undefined; // numbers that are not an RSA key
  }
}

function readFields(bytes: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let offset = 0;
  while (offset + 4 <= bytes.length) {
    const end = offset + 4 + bytes.readUInt32BE(offset);
    if (end > bytes.length) return [];
    fields.push(bytes.subarray(offset + 4, end));
    offset = end;
  }
  return offset === bytes.length ? fields : [];
}

function withoutSign(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}
