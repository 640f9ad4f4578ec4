import { type Permit, permitIn } from "@planet/content";

/** What the certificate's unit works with. `install` writes it to a file for root alone. */
export interface CertificateSettings {
  /** Without a slash at its end. */
  readonly bucketUrl: string;
  /** Of the host; the first is the canonical one. */
  readonly names: readonly string[];
  /** Directory of the certificate authority; empty: nothing is ever ordered. */
  readonly directory: string;
  /** Mail address; may be empty. */
  readonly contact: string;
  readonly instanceId: string;
  /** Prefix of the memory where several servers share a lease: its holder orders for all. Empty for a server alone. */
  readonly leasePrefix: string;
  /** Secret: 64 hex digits that the certificate in the bucket is sealed with. */
  readonly key: string;
  /** Secret: may write the certificate, its account and its order. */
  readonly tlsPermit: Permit;
  /** Secret: may write answers to challenges. */
  readonly challengePermit: Permit;
}

export const CERTIFICATE_FILE = "/etc/planet/certificate.json";
/** Name below `$CREDENTIALS_DIRECTORY`. */
export const CERTIFICATE_CREDENTIAL = "certificate";

/** The bytes of {@link CERTIFICATE_FILE}. @throws {PermitError} for a permit that is none. */
export function writeCertificateSettings(settings: CertificateSettings): string {
  permitIn(settings.tlsPermit, "tls");
  permitIn(settings.challengePermit, "acme-challenge");
  return `${JSON.stringify(settings)}\n`;
}

/** Of a file that this very engine has written. */
export const readCertificateSettings = (text: string): CertificateSettings => JSON.parse(text) as CertificateSettings;
