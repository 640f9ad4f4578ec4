import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

/* Certificates for tests, written by hand as DER (RFC 5280): Node has nothing that makes them. */

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const hex = (digits: string) => Buffer.from(digits, "hex");
const utf8 = (text: string) => der(0x0c, Buffer.from(text));
const utcTime = (time: Date) =>
  der(
    0x17,
    Buffer.from(
      `${time
        .toISOString()
        .replaceAll(/[-T:]|\.\d+/g, "")
        .slice(2)}`,
    ),
  );

/** Object identifiers. */
const OID = {
  commonName: hex("0603550403"),
  organization: hex("060355040a"),
  subjectAltName: hex("0603551d11"),
  basicConstraints: hex("0603551d13"),
  sha256Ecdsa: hex("06082a8648ce3d040302"),
  sha1Ecdsa: hex("06072a8648ce3d0401"),
} as const;

const distinguishedName = (organization: string, commonName: string) =>
  sequence(
    der(0x31, sequence(OID.organization, utf8(organization))),
    der(0x31, sequence(OID.commonName, utf8(commonName))),
  );

const keys = {
  ec: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  "rsa-1024": () => generateKeyPairSync("rsa", { modulusLength: 1_024 }),
  "rsa-2048": () => generateKeyPairSync("rsa", { modulusLength: 2_048 }),
};

export interface TestCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM: the leaf, then its issuers without the root. */
  readonly chain: string;
}

interface Wanted {
  /** DNS names. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly keyKind?: keyof typeof keys;
  readonly hash?: "sha256" | "sha1";
}

const DAY_MS = 86_400_000;

/** An authority of nobody's trust store. */
export class TestAuthority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  readonly #name: Buffer;
  readonly #key: KeyObject;
  /** What follows a leaf in its chain. */
  readonly #above: string;

  constructor(commonName = "Test Root", issuer?: TestAuthority) {
    this.#name = distinguishedName("Planet", commonName);
    const { publicKey, privateKey } = keys.ec();
    this.#key = privateKey;
    const wanted = { notBefore: new Date(Date.now() - 365 * DAY_MS), notAfter: new Date(Date.now() + 3_650 * DAY_MS) };
    const basicConstraints = sequence(OID.basicConstraints, hex("0101ff"), der(0x04, sequence(hex("0101ff"))));
    this.certificate = (issuer ?? this).#sign(publicKey, this.#name, [basicConstraints], wanted);
    this.#above = issuer === undefined ? "" : this.certificate + issuer.#above;
  }

  /** An authority in between. */
  intermediate(commonName = "Test Intermediate"): TestAuthority {
    return new TestAuthority(commonName, this);
  }

  issue({ names = ["planet.example.org"], keyKind = "ec", ...rest }: Wanted = {}): TestCertificate {
    const { publicKey, privateKey } = keys[keyKind]();
    const dnsNames = names.map((name) => der(0x82, Buffer.from(name)));
    const subjectAltName = sequence(OID.subjectAltName, der(0x04, sequence(...dnsNames)));
    const subject = distinguishedName("Planet", names[0] ?? "");
    return {
      key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      chain: this.#sign(publicKey, subject, [subjectAltName], rest) + this.#above,
    };
  }

  #sign(publicKey: KeyObject, subject: Buffer, extensions: readonly Buffer[], wanted: Wanted): string {
    const { hash = "sha256" } = wanted;
    const { notBefore = new Date(Date.now() - DAY_MS), notAfter = new Date(Date.now() + 89 * DAY_MS) } = wanted;
    const algorithm = sequence(hash === "sha1" ? OID.sha1Ecdsa : OID.sha256Ecdsa);
    const content = sequence(
      der(0xa0, hex("020102")), // version 3
      der(0x02, hex("01"), randomBytes(8)), // serial number
      algorithm,
      this.#name,
      sequence(utcTime(notBefore), utcTime(notAfter)),
      subject,
      publicKey.export({ type: "spki", format: "der" }),
      der(0xa3, sequence(...extensions)),
    );
    const signature = createSign(hash).update(content).sign(this.#key);
    const base64 = sequence(content, algorithm, der(0x03, hex("00"), signature)).toString("base64");
    return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
  }
}
