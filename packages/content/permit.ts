import { createHmac } from "node:crypto";
import { isRecord } from "./text/json.ts";

/*
 * A permit: a signed upload policy of S3 (browser form POST, signature V2). It allows adding and overwriting objects below
 * one prefix of one bucket, with one ACL, and nothing else; it can neither list nor delete nor read what is private.
 * It is a pure function of its parts and the signing key: without clock and nonce, made again it is the same.
 * Source: Corymbia/eucalyptus `UploadPolicyChecker.java`; tried on Eucalyptus 5.1.0, 2026-11-28.
 */

/** What a permit is for. All of it is public. */
export interface PermitScope {
  readonly bucket: string;
  /** With its slash: `memory/`. */
  readonly prefix: string;
  readonly acl: "public-read";
}

/** Fixed: a server may stand for years, and another date would be another permit. */
const EXPIRATION = "2099-12-31T00:00:00.000Z";

/**
 * The policy's exact text. The signature is over these bytes, so that signer, engine and command have to agree on each.
 * Every field of the form has its condition; `content-length-range` as AWS writes it is refused by Eucalyptus.
 */
export function policyOf({ bucket, prefix, acl }: PermitScope): string {
  const conditions = [{ bucket }, ["starts-with", "$key", prefix], { acl }, ["starts-with", "$Content-Type", ""]];
  return JSON.stringify({ expiration: EXPIRATION, conditions });
}

/** The form's field `Policy`: what is signed. */
export const policyField = (policy: string): string => Buffer.from(policy).toString("base64");

/** The form's field `Signature`: the secret half of a permit. Always 28 characters. */
export function signatureOf(policy: string, secretAccessKey: string): string {
  return createHmac("sha1", secretAccessKey).update(policyField(policy)).digest("base64");
}

/** What a server may write: what it remembers, its certificate, the answers to a certificate authority's challenges. */
export type PermitKind = "memory" | "tls" | "acme-challenge";

/**
 * The text that {@link certificateKey} is made of. Another permit number gives another key: whoever has had the old one reads
 * no certificate that is sealed from then on.
 * @param permit `planet:permit`, from 1.
 */
export const certificateKeyText = (bucketUrl: string, permit: number): string =>
  `planet certificate key 1\n${bucketUrl}\n${permit}`;

/**
 * What the certificate in the bucket is sealed with: 32 bytes as 64 hex digits. Derived, not random: made again it is the same,
 * so that whoever loses the state does not lose the certificate (docs/decisions/0020).
 */
export function certificateKey(text: string, secretAccessKey: string): string {
  return createHmac("sha256", secretAccessKey).update(text).digest("hex");
}

/**
 * Where a server may write. Another permit number has places of its own: an old permit of the same key cannot write where the
 * servers of a raised one read.
 * @param permit `planet:permit`, from 1.
 */
export const permitPrefix = (kind: PermitKind, permit: number): string =>
  permit === 1 ? `${kind}/` : `${kind}-${permit}/`;

export const memoryPrefix = (permit: number): string => permitPrefix("memory", permit);

/** The public parts of a server's permit, and where to send the form to. */
interface PermitPlace {
  /** Without a slash at its end. */
  readonly bucketUrl: string;
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * How long after a write a server reads again what it has written, in seconds: two servers may write at the same time. An
 * old server stays at least so long beside the new one.
 */
export const readBackSeconds = (intervalSeconds: number): number => Math.min(15, intervalSeconds / 2);

/** What a server has to write with. */
export interface Permit extends PermitPlace {
  readonly accessKeyId: string;
  /** Secret. */
  readonly signature: string;
}

/** Where a server keeps the permit of its memory: root's, mode 0600; the sync's unit gets it as the credential {@link CREDENTIAL}. */
export const PERMIT_FILE = "/etc/planet/memory.json";
/** Name below `$CREDENTIALS_DIRECTORY`. */
export const CREDENTIAL = "memory";

/** The scope that a server's permit was signed for. */
export const scopeOf = ({ bucket, prefix }: PermitPlace): PermitScope => ({ bucket, prefix, acl: "public-read" });

export class PermitError extends Error {
  override readonly name = "PermitError";
  readonly code = "PERMIT";

  /** @param part names what is wrong; the text never holds a value, since one of them is secret. */
  constructor(kind: PermitKind, part: string) {
    super(`the permit for ${kind}/ cannot be used: ${part}`);
  }
}

const PARTS: Readonly<Record<Exclude<keyof Permit, "prefix">, RegExp>> = {
  bucketUrl: /^https?:\/\/[^\s'"\\]+[^\s'"\\/]$/,
  bucket: /^[A-Za-z0-9._-]{2,255}$/,
  accessKeyId: /^[A-Za-z0-9_-]{1,128}$/,
  signature: /^[A-Za-z0-9+/]{27}=$/, // base64 of the 20 bytes of SHA-1
};

/** The bytes of {@link PERMIT_FILE}. @throws {PermitError} for parts that {@link readPermit} would refuse. */
export function writePermit(permit: Permit): string {
  return `${JSON.stringify(permitIn({ ...permit }, "memory"))}\n`;
}

/** @throws {PermitError} on anything but a whole permit of the memory. */
export function readPermit(text: string): Permit {
  return permitIn(parsed(text), "memory");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the parser's own words: they quote the text.
    throw new PermitError("memory", "it is not JSON");
  }
}

/** A permit in a larger record. @throws {PermitError} on anything but a whole one of that kind. */
export function permitIn(value: unknown, kind: PermitKind): Permit {
  if (!isRecord(value)) throw new PermitError(kind, "it is not an object");
  const parts = { ...PARTS, prefix: new RegExp(`^${kind}(?:-[1-9]\\d{0,6})?/$`) };
  const part = (name: keyof Permit): string => {
    const text = value[name];
    if (typeof text !== "string" || !parts[name].test(text)) throw new PermitError(kind, `its "${name}" is not one`);
    return text;
  };
  return {
    bucketUrl: part("bucketUrl"),
    bucket: part("bucket"),
    prefix: part("prefix"),
    accessKeyId: part("accessKeyId"),
    signature: part("signature"),
  };
}
