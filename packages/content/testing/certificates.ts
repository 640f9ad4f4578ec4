import { createHash, createPublicKey, createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { der, element, OID, sequence, subjectAltName } from "../certificate/der.ts";

/* Certificates for tests, written by hand as DER (RFC 5280): Node has nothing that makes them. */

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

const [COMMON_NAME, ORGANIZATION, BASIC_CONSTRAINTS] = [hex("0603550403"), hex("060355040a"), hex("0603551d13")];
const ECDSA_WITH_SHA1 = hex("06072a8648ce3d0401");

const distinguishedName = (organization: string, commonName: string) =>
  sequence(der(0x31, sequence(ORGANIZATION, utf8(organization))), der(0x31, sequence(COMMON_NAME, utf8(commonName))));

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
  /** From a request; there is no private key then. */
  readonly publicKey?: KeyObject;
  readonly hash?: "sha256" | "sha1";
}

/** The key that a request (PKCS #10, DER) asks a certificate for. */
export function requestedKey(request: Buffer): KeyObject {
  const version = element(request, element(request, 0).start).start;
  const from = element(request, element(request, version).end).end;
  const key = request.subarray(from, element(request, from).end);
  return createPublicKey({ key, type: "spki", format: "der" });
}

const DAY_MS = 86_400_000;

/** An authority of nobody's trust store. */
export class TestAuthority {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  readonly #name: Buffer;
  readonly #key: KeyObject;
  readonly #keyIdentifier: Buffer;
  /** What follows a leaf in its chain. */
  readonly #above: string;

  constructor(commonName = "Test Root", issuer?: TestAuthority) {
    this.#name = distinguishedName("Planet", commonName);
    const { publicKey, privateKey } = keys.ec();
    this.#key = privateKey;
    this.#keyIdentifier = createHash("sha1")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest();
    const wanted = { notBefore: new Date(Date.now() - 365 * DAY_MS), notAfter: new Date(Date.now() + 3_650 * DAY_MS) };
    const basicConstraints = sequence(BASIC_CONSTRAINTS, hex("0101ff"), der(0x04, sequence(hex("0101ff"))));
    this.certificate = (issuer ?? this).#sign(publicKey, this.#name, [basicConstraints], wanted);
    this.#above = issuer === undefined ? "" : this.certificate + issuer.#above;
  }

  /** An authority in between. */
  intermediate(commonName = "Test Intermediate"): TestAuthority {
    return new TestAuthority(commonName, this);
  }

  issue({ names = ["planet.example.org"], keyKind = "ec", publicKey, ...rest }: Wanted = {}): TestCertificate {
    const pair = publicKey === undefined ? keys[keyKind]() : { publicKey, privateKey: undefined };
    const authority = sequence(OID.authorityKeyIdentifier, der(0x04, sequence(der(0x80, this.#keyIdentifier))));
    const subject = distinguishedName("Planet", names[0] ?? "");
    return {
      key: pair.privateKey?.export({ type: "pkcs8", format: "pem" }).toString() ?? "",
      chain: this.#sign(pair.publicKey, subject, [subjectAltName(names), authority], rest) + this.#above,
    };
  }

  #sign(publicKey: KeyObject, subject: Buffer, extensions: readonly Buffer[], wanted: Wanted): string {
    const { hash = "sha256" } = wanted;
    const { notBefore = new Date(Date.now() - DAY_MS), notAfter = new Date(Date.now() + 89 * DAY_MS) } = wanted;
    const algorithm = sequence(hash === "sha1" ? ECDSA_WITH_SHA1 : OID.ecdsaWithSha256);
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
