import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { TestAuthority } from "../testing/certificates.ts";
import { type CertificateQuestion, checkCertificate } from "./checkCertificate.ts";

const names = ["planet.example.org", "www.planet.example.org"];
const [notBefore, notAfter] = [new Date("2026-11-29T00:00:00Z"), new Date("2027-02-27T00:00:00Z")];
const now = new Date("2026-12-24T00:00:00Z");
const root = new TestAuthority();
const intermediate = root.intermediate();
const issue = (more: Parameters<TestAuthority["issue"]>[0] = {}) =>
  intermediate.issue({ names, notBefore, notAfter, ...more });
const pair = issue();
const [leaf = "", issuer = ""] = pair.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
const codesOf = (change: Partial<CertificateQuestion>) =>
  checkCertificate({ ...pair, names, now, ...change }).map(({ code }) => code);
const encrypted = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" })
    .toString();
const ed25519 = () => generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

describe("checkCertificate finds nothing wrong with", () => {
  test.each<[string, Partial<CertificateQuestion>]>([
    ["a leaf and its issuer", {}],
    ["a chain up to its root", { chain: pair.chain + root.certificate }],
    ["fewer names than it has", { names: ["www.planet.example.org"] }],
    ["a wildcard", issue({ names: ["planet.example.org", "*.planet.example.org"] })],
    ["RSA of 2048 bits", issue({ keyKind: "rsa-2048" })],
    ["its first second", { now: notBefore }],
  ])("%s", (_, change) => {
    expect(codesOf(change)).toEqual([]);
  });
});

describe("checkCertificate refuses", () => {
  test.each<[string, Partial<CertificateQuestion>, readonly string[]]>([
    ["the key of another certificate", { key: issue().key }, ["pair"]],
    ["a name that it does not have", { names: [...names, "other.example.org"] }, ["names"]],
    ["a name that only its subject has", issue({ names: [] }), ["names"]],
    ["a wildcard for the name above it", issue({ names: ["*.planet.example.org"] }), ["names"]],
    ["its last second", { now: notAfter }, ["expired"]],
    ["the second before its first", { now: new Date(notBefore.getTime() - 1_000) }, ["not-yet-valid"]],
    ["a chain in the wrong order", { chain: issuer + leaf }, ["names", "chain", "pair"]],
    ["an issuer of the same name that has not issued it", { chain: leaf + root.intermediate().certificate }, ["chain"]],
    ["a stranger in the chain", { chain: pair.chain + new TestAuthority("Other").certificate }, ["chain"]],
    ["RSA of 1024 bits", issue({ keyKind: "rsa-1024" }), ["weak"]],
    ["a signature with SHA-1", issue({ hash: "sha1" }), ["weak"]],
    ["a key that no browser takes", { key: ed25519() }, ["weak", "pair"]],
    ["an encrypted key", { key: encrypted() }, ["unreadable-key"]],
    ["files that were mixed up", { key: pair.chain, chain: pair.key }, ["unreadable-key", "unreadable-chain"]],
    ["a chain that is cut", { chain: leaf.slice(0, 300) }, ["unreadable-chain"]],
    ["bytes that are no certificate", { chain: leaf.replaceAll(/^M.*$/gm, "AAAA") }, ["unreadable-chain"]],
    ["a chain without end", { chain: pair.chain.repeat(6) }, ["unreadable-chain"]],
  ])("%s", (_, change, codes) => {
    expect(codesOf(change)).toEqual(codes);
  });
});

test("a problem's words say what is wrong and hold nothing of the key", () => {
  const stranger = issue();
  const problems = checkCertificate({ ...pair, key: stranger.key, names: ["a.example.org"], now: notAfter });
  expect(problems.map(({ message }) => message)).toEqual([
    "the certificate is not for a.example.org",
    "the certificate was valid until 2027-02-27T00:00:00.000Z",
    "the key is not the key of the first certificate",
  ]);
});
