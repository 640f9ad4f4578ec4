import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { der, OID, sequence, subjectAltName } from "./der.ts";
import { privateKeyIn } from "./pem.ts";

const VERSION_1 = Buffer.from("020100", "hex");

/** A new private key for a certificate or an ACME account: ECDSA on P-256, as PEM. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A request for a certificate (PKCS #10, RFC 2986) for DNS names, as DER. @param key On P-256, PEM. */
export function certificateRequest(names: readonly string[], key: string): Buffer {
  const privateKey = privateKeyIn(key);
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const extensions = sequence(OID.extensionRequest, der(0x31, sequence(subjectAltName(names))));
  // The names are in the extension alone: a subject's own name is not looked at, and holds 64 characters.
  const content = sequence(VERSION_1, sequence(), publicKey, der(0xa0, extensions));
  const signature = sign("sha256", content, privateKey);
  return sequence(content, sequence(OID.ecdsaWithSha256), der(0x03, Buffer.from([0]), signature));
}
