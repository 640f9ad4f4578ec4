/* The little of DER (X.690) that certificates and requests for them need. */

/** An element: a tag, the length, the parts one after another. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);

/** Where the content of the element at `at` begins and ends. */
export function element(bytes: Buffer, at: number): { readonly start: number; readonly end: number } {
  const first = bytes[at + 1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  return { start, end: start + length };
}

/** Object identifiers, whole elements. */
export const OID = {
  /** id-ce-subjectAltName */
  subjectAltName: Buffer.from("0603551d11", "hex"),
  /** id-ce-authorityKeyIdentifier */
  authorityKeyIdentifier: Buffer.from("0603551d23", "hex"),
  /** pkcs-9-at-extensionRequest */
  extensionRequest: Buffer.from("06092a864886f70d01090e", "hex"),
  ecdsaWithSha256: Buffer.from("06082a8648ce3d040302", "hex"),
} as const;

/** The extension that holds a certificate's DNS names. */
export function subjectAltName(names: readonly string[]): Buffer {
  const dnsNames = names.map((name) => der(0x82, Buffer.from(name)));
  return sequence(OID.subjectAltName, der(0x04, sequence(...dnsNames)));
}
