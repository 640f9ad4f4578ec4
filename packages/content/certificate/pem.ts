import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** A private key and the certificates from the leaf up, both PEM. */
export interface PemPair {
  readonly key: string;
  readonly chain: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
/** Nobody's chain is longer than four. */
const LONGEST_CHAIN = 10;

/** The certificates in a PEM text, from the leaf up; any text between them is ignored. @throws {Error} when there is none. */
export function certificatesIn(chain: string): readonly [X509Certificate, ...X509Certificate[]] {
  const found = chain.match(CERTIFICATE) ?? [];
  const [leaf, ...issuers] = found.map((pem) => new X509Certificate(pem));
  if (leaf === undefined) throw new Error("it holds no certificate in PEM");
  if (found.length > LONGEST_CHAIN)
    throw new Error(`it holds ${found.length} certificates, and at most ${LONGEST_CHAIN} belong to a chain`);
  return [leaf, ...issuers];
}

/** @throws {Error} when it is no private key in PEM, or is encrypted. */
export const privateKeyIn = (key: string): KeyObject => createPrivateKey(key);

/** The same pair without what may stand around it in the files, the key as PKCS #8. */
export function normalized({ key, chain }: PemPair): PemPair {
  return {
    key: privateKeyIn(key).export({ type: "pkcs8", format: "pem" }).toString(),
    chain: certificatesIn(chain).map(String).join(""),
  };
}

/** What the leaf says of itself. */
export function factsOf(chain: string) {
  const [leaf] = certificatesIn(chain);
  return {
    notBefore: new Date(leaf.validFrom).toISOString(),
    notAfter: new Date(leaf.validTo).toISOString(),
    fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
    issuer: nameOf(leaf.issuer),
  };
}

/** `Let's Encrypt R11` of `C=US`, `O=Let's Encrypt`, `CN=R11`. */
function nameOf(issuer: string): string {
  const part = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(issuer)?.[1] ?? "";
  const name = [part("O"), part("CN")].filter(Boolean).join(" ") || issuer;
  return name.replaceAll(/\p{Cc}+/gu, " ").slice(0, 200);
}
