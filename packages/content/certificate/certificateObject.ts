import { isRecord } from "../text/json.ts";
import { factsOf, normalized, type PemPair } from "./pem.ts";
import { keyIdOf, openSealed, SealError, seal } from "./seal.ts";

/*
 * `tls/certificate.json`: the certificate of a planet's host, for every server of the planet. The key and the chain are sealed;
 * what the gate, `planet certificate status` and doctor need lies in clear beside them, and belongs to the seal.
 */

/** Below the prefix of the permit. */
export const CERTIFICATE_OBJECT = "certificate.json";
/** Twice what the longest chain needs. */
const LIMIT_CHARACTERS = 256 * 1024;
/** As many names as `planet:host` may have. */
const MOST_NAMES = 10;

/** The clear part. Times are ISO 8601 in UTC, with milliseconds. */
export interface CertificateFacts {
  readonly schema: 1;
  /** Of the key that opens it. */
  readonly keyId: string;
  /** The host's names that it was placed for; the first is the canonical one. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the leaf's DER, 64 hex digits. */
  readonly fingerprint: string;
  /** Who has issued it, for people. */
  readonly issuer: string;
  /** `acme`: ordered by a server; `import`: put there by `planet certificate import`, and never renewed by a server. */
  readonly source: "acme" | "import";
  /** The later one wins. */
  readonly placedAt: string;
}

export interface CertificateObject extends CertificateFacts {
  readonly sealed: string;
}

/** What is to be placed. */
export interface PlacedCertificate extends PemPair, Pick<CertificateFacts, "names" | "source"> {
  readonly placedAt: Date;
}

/**
 * The text of the object. Check the certificate first (`checkCertificate`).
 * @param key The certificate key, 64 hex digits.
 * @throws {Error} when key or chain are not PEM.
 */
export function sealCertificate({ names, source, placedAt, ...pair }: PlacedCertificate, key: string): string {
  const { key: pemKey, chain } = normalized(pair);
  const facts: CertificateFacts = {
    ...{ schema: 1, keyId: keyIdOf(key), names, ...factsOf(chain), source, placedAt: placedAt.toISOString() },
  };
  const sealed = seal(JSON.stringify({ key: pemKey, chain }), clearText(facts), key);
  return textOf({ ...facts, sealed });
}

/** The secret part. @throws {SealError} when another key sealed it, or anything of it was changed. */
export function openCertificate(object: CertificateObject, key: string): PemPair {
  if (object.keyId !== keyIdOf(key)) throw new SealError("SEALED_WITH_ANOTHER_KEY", "another key has sealed it");
  const pair: unknown = JSON.parse(openSealed(object.sealed, clearText(object), key));
  return pair as PemPair;
}

/** Exactly what {@link sealCertificate} wrote; whether it is authentic only the key can say. @throws {SealError} */
export function readCertificateObject(text: string): CertificateObject {
  const value = text.length <= LIMIT_CHARACTERS ? parsed(text) : undefined;
  if (!isRecord(value) || value.schema !== 1) throw unreadable("it is not a certificate of this version");
  const part = (name: string, shape: RegExp): string => {
    const found = value[name];
    if (typeof found === "string" && shape.test(found)) return found;
    throw unreadable(`its "${name}" is not one`);
  };
  const object: CertificateObject = {
    schema: 1,
    keyId: part("keyId", /^[0-9a-f]{16}$/),
    names: namesOf(value.names),
    notBefore: part("notBefore", TIME),
    notAfter: part("notAfter", TIME),
    fingerprint: part("fingerprint", /^[0-9a-f]{64}$/),
    issuer: part("issuer", /^\P{Cc}{0,200}$/u),
    source: part("source", /^(?:acme|import)$/) as CertificateFacts["source"],
    placedAt: part("placedAt", TIME),
    sealed: part("sealed", /^[\w+/]+=*$/),
  };
  if (textOf(object) !== text) throw unreadable("its text was changed after it was placed");
  return object;
}

/** Whether the object's certificate is one for this key, and for all of these names. */
export const isMeantFor = ({ keyId, names }: CertificateFacts, keyIdHere: string, host: readonly string[]): boolean =>
  keyId === keyIdHere && host.every((name) => names.includes(name));

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A DNS name in small letters, with at least two labels. */
const NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const unreadable = (reason: string) => new SealError("NOT_READABLE", reason);

/** The exact bytes that the seal is over, in this order. */
function clearText({ schema, keyId, names, notBefore, notAfter, ...rest }: CertificateFacts): string {
  const { fingerprint, issuer, source, placedAt } = rest;
  return JSON.stringify({ schema, keyId, names, notBefore, notAfter, fingerprint, issuer, source, placedAt });
}

const textOf = (object: CertificateObject): string =>
  `${clearText(object).slice(0, -1)},"sealed":${JSON.stringify(object.sealed)}}\n`;

function namesOf(value: unknown): readonly string[] {
  const isNames = Array.isArray(value) && value.length > 0 && value.length <= MOST_NAMES;
  if (isNames && value.every((name) => typeof name === "string" && NAME.test(name))) return value;
  throw unreadable('its "names" are not ones');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
