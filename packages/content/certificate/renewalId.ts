import { element, OID } from "./der.ts";
import { certificatesIn } from "./pem.ts";

/**
 * By which a certificate authority knows a certificate when it is asked when to renew it (ARI, RFC 9773, 4.1): the key identifier
 * of its issuer and its serial number. Undefined when the certificate does not say whose key has signed it.
 */
export function renewalId(chain: string): string | undefined {
  const [leaf] = certificatesIn(chain);
  const bytes = leaf.raw;
  const at = bytes.indexOf(OID.authorityKeyIdentifier);
  if (at < 0) return undefined;
  const keyIdentifier = keyIdentifierIn(bytes.subarray(element(bytes, at + OID.authorityKeyIdentifier.length).start));
  return keyIdentifier && `${keyIdentifier.toString("base64url")}.${serialOf(bytes).toString("base64url")}`;
}

/** The content of the extension: a sequence that begins with `[0] keyIdentifier`, if it has one. */
function keyIdentifierIn(extension: Buffer): Buffer | undefined {
  const { start } = element(extension, 0);
  const { start: from, end } = element(extension, start);
  return extension[start] === 0x80 ? extension.subarray(from, end) : undefined;
}

/** Second in the certificate's content, after the version; with the zero that keeps it positive. */
function serialOf(bytes: Buffer): Buffer {
  const version = element(bytes, element(bytes, 0).start).start;
  const serial = element(bytes, element(bytes, version).end);
  return bytes.subarray(serial.start, serial.end);
}
