import type { KeyObject, X509Certificate } from "node:crypto";
import { element } from "./der.ts";
import { certificatesIn, type PemPair, privateKeyIn } from "./pem.ts";

/** Why a certificate cannot be used. */
export interface CertificateProblem {
  readonly code:
    | "unreadable-key"
    | "unreadable-chain"
    | "pair"
    | "names"
    | "chain"
    | "expired"
    | "not-yet-valid"
    | "weak";
  /** A clause, for people. */
  readonly message: string;
}

export interface CertificateQuestion extends PemPair {
  /** Names that it has to be valid for. */
  readonly names: readonly string[];
  readonly now: Date;
}

/**
 * Everything that makes a certificate unusable for a planet; empty when nothing does. Who has issued it does not count: a
 * company's own authority is in no trust store.
 */
export function checkCertificate({ key, chain, names, now }: CertificateQuestion): readonly CertificateProblem[] {
  const privateKey = readable(() => privateKeyIn(key));
  const certificates = readable(() => certificatesIn(chain));
  const problems: (CertificateProblem | undefined | false)[] = [
    !privateKey && { code: "unreadable-key", message: "the key is not a private key in PEM without a passphrase" },
    !certificates && { code: "unreadable-chain", message: "the chain is not one certificate or more in PEM" },
  ];
  if (privateKey) problems.push(weakKey(privateKey));
  if (certificates) {
    const [leaf] = certificates;
    problems.push(
      ...[wrongNames(leaf, names), wrongTime(leaf, now), brokenChain(certificates)],
      ...certificates.map(weakSignature),
    );
    if (privateKey && !leaf.checkPrivateKey(privateKey))
      problems.push({ code: "pair", message: "the key is not the key of the first certificate" });
  }
  return problems.filter((problem) => problem !== undefined && problem !== false);
}

/**
 * Who has issued a certificate that comes alone and not by itself; undefined otherwise. A root needs no company, an intermediate
 * authority does, and which of the two it is cannot be seen.
 * @param chain PEM, one certificate or more.
 */
export function missingIssuer(chain: string): string | undefined {
  const [leaf, ...issuers] = certificatesIn(chain);
  const isAlone = issuers.length === 0 && leaf.subject !== leaf.issuer;
  return isAlone ? leaf.issuer.replaceAll("\n", ", ") : undefined;
}

function readable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function wrongNames(leaf: X509Certificate, names: readonly string[]): CertificateProblem | undefined {
  // As browsers do: the subject's own name does not count.
  const absent = names.filter((name) => leaf.checkHost(name, { subject: "never" }) === undefined);
  return absent.length === 0
    ? undefined
    : { code: "names", message: `the certificate is not for ${absent.join(", ")}` };
}

function wrongTime(leaf: X509Certificate, now: Date): CertificateProblem | undefined {
  const [from, to] = [new Date(leaf.validFrom), new Date(leaf.validTo)];
  if (now >= to) return { code: "expired", message: `the certificate was valid until ${to.toISOString()}` };
  return now < from
    ? { code: "not-yet-valid", message: `the certificate is valid from ${from.toISOString()}` }
    : undefined;
}

/** Each certificate has to be followed by its issuer. Whether the last one is a root does not count. */
function brokenChain(certificates: readonly X509Certificate[]): CertificateProblem | undefined {
  const stray = certificates.findIndex((issuer, index) => {
    const issued = certificates[index - 1];
    return issued && !(issued.checkIssued(issuer) && issued.verify(issuer.publicKey));
  });
  return stray < 0
    ? undefined
    : {
        code: "chain",
        message: `certificate ${stray + 1} has not issued certificate ${stray}: the leaf comes first, its issuer next`,
      };
}

const SHORTEST_RSA_BITS = 2_048;
/** Those that browsers take. */
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

function weakKey({ asymmetricKeyType, asymmetricKeyDetails: details }: KeyObject): CertificateProblem | undefined {
  const isStrong =
    asymmetricKeyType === "ec"
      ? CURVES.includes(details?.namedCurve ?? "")
      : asymmetricKeyType === "rsa" && (details?.modulusLength ?? 0) >= SHORTEST_RSA_BITS;
  return isStrong
    ? undefined
    : {
        code: "weak",
        message: `the key is neither RSA of ${SHORTEST_RSA_BITS} bits or more nor ECDSA on P-256, P-384 or P-521`,
      };
}

/**
 * In hexadecimal DER: SHA-256, SHA-384, SHA-512 with RSA (RFC 4055), the same with ECDSA (RFC 5758), these hashes by themselves (a
 * parameter of RSASSA-PSS, which else means SHA-1), Ed25519.
 */
const STRONG = [
  ...["06092a864886f70d01010b", "06092a864886f70d01010c", "06092a864886f70d01010d"],
  ...["06082a8648ce3d040302", "06082a8648ce3d040303", "06082a8648ce3d040304"],
  ...["0609608648016503040201", "0609608648016503040202", "0609608648016503040203"],
  "06032b6570",
].map((oid) => Buffer.from(oid, "hex"));

/** A root's own signature proves nothing, whatever it is made with. */
function weakSignature(certificate: X509Certificate, index: number): CertificateProblem | undefined {
  const isRoot = index > 0 && certificate.subject === certificate.issuer;
  const algorithm = signatureAlgorithm(certificate.raw);
  return isRoot || STRONG.some((oid) => algorithm.includes(oid))
    ? undefined
    : {
        code: "weak",
        message: `certificate ${index + 1} is signed with SHA-1 or another algorithm that browsers refuse`,
      };
}

/** The second element of a certificate (RFC 5280, 4.1). Node 18 has no property for it. */
function signatureAlgorithm(der: Buffer): Buffer {
  const content = element(der, element(der, 0).start).end;
  return der.subarray(content, element(der, content).end);
}
