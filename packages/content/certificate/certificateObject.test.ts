import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { TestAuthority } from "../testing/certificates.ts";
import { isMeantFor, openCertificate, readCertificateObject, sealCertificate } from "./certificateObject.ts";
import { keyIdOf } from "./seal.ts";

const key = "0123456789abcdef".repeat(4);
const names = ["planet.example.org", "www.planet.example.org"];
const [notBefore, notAfter] = [new Date("2026-11-29T00:00:00Z"), new Date("2027-02-27T00:00:00Z")];
const pair = new TestAuthority().intermediate().issue({ names, notBefore, notAfter });
const placedAt = new Date("2026-11-29T18:00:00Z");
const text = sealCertificate({ ...pair, names, source: "acme", placedAt }, key);
const codeOf = (use: () => unknown) => {
  try {
    use();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};
const openText = (from: string, with_ = key) => openCertificate(readCertificateObject(from), with_);

test("what was sealed is read without the key and opened with it", () => {
  const object = readCertificateObject(text);
  expect(object).toEqual({
    schema: 1,
    keyId: keyIdOf(key),
    names,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    issuer: "Planet Test Intermediate",
    source: "acme",
    placedAt: placedAt.toISOString(),
    sealed: expect.any(String),
  });
  expect(openCertificate(object, key)).toEqual(pair);
});

test("key and chain are sealed as they are needed, whatever stands around them", () => {
  const around = { key: `Bag Attributes\n${pair.key}\n`, chain: `subject=CN\n${pair.chain.replaceAll("\n", "\r\n")}` };
  expect(openText(sealCertificate({ ...around, names, source: "import", placedAt }, key))).toEqual(pair);
});

test("nothing of the key lies in clear", () => {
  expect(text).not.toContain("PRIVATE");
  expect(Buffer.from(readCertificateObject(text).sealed, "base64").toString("latin1")).not.toContain("PRIVATE");
});

describe("a tampered or foreign object is refused", () => {
  test("whichever bit of it is flipped", () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(codeOf(() => openText(flipped.toString()))).toMatch(
          /^(NOT_READABLE|SEAL_BROKEN|SEALED_WITH_ANOTHER_KEY)$/,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ["names", { names: ["evil.example.org"] }],
    ["notAfter", { notAfter: "2099-12-31T00:00:00.000Z" }],
    ["fingerprint", { fingerprint: "0".repeat(64) }],
    ["source", { source: "import" }],
    ["placedAt", { placedAt: "2027-01-01T00:00:00.000Z" }],
  ])("with another %s", (_, change) => {
    const changed = `${JSON.stringify({ ...JSON.parse(text), ...change })}\n`;
    expect(codeOf(() => readCertificateObject(changed))).toBeUndefined();
    expect(codeOf(() => openText(changed))).toBe("SEAL_BROKEN");
  });

  test("with the sealed part of another object", () => {
    const other = sealCertificate({ ...pair, names, source: "acme", placedAt: new Date() }, key);
    const mixed = `${JSON.stringify({ ...JSON.parse(text), sealed: JSON.parse(other).sealed })}\n`;
    expect(codeOf(() => openText(mixed))).toBe("SEAL_BROKEN");
  });

  test("sealed with another key", () => {
    expect(codeOf(() => openText(text, "f".repeat(64)))).toBe("SEALED_WITH_ANOTHER_KEY");
    const claimed = `${JSON.stringify({ ...JSON.parse(text), keyId: keyIdOf("f".repeat(64)) })}\n`;
    expect(codeOf(() => openText(claimed, "f".repeat(64)))).toBe("SEAL_BROKEN");
  });

  test.each<[string, unknown]>([
    ["no object", []],
    ["another version", { schema: 2 }],
    ["no names", { names: [] }],
    ["a name in capitals", { names: ["Planet.example.org"] }],
    ["a name that nginx would read as more", { names: ["planet.example.org;include"] }],
    ["a single label", { names: ["localhost"] }],
    ["too many names", { names: Array.from({ length: 11 }, (_, n) => `a${n}.example.org`) }],
    ["a local time", { notAfter: "2027-02-27T00:00:00+01:00" }],
    ["an issuer of two lines", { issuer: "a\nb" }],
    ["nothing sealed", { sealed: "" }],
  ])("when it has %s", (_, change) => {
    const changed = Array.isArray(change) ? change : { ...JSON.parse(text), ...(change as object) };
    expect(codeOf(() => readCertificateObject(`${JSON.stringify(changed)}\n`))).toBe("NOT_READABLE");
  });

  test.each(["", "null", "<Error/>", text.slice(0, -100), ` ${text}`, `${text}\n`, " ".repeat(300_000)])(
    "%#",
    (odd) => {
      expect(codeOf(() => readCertificateObject(odd))).toBe("NOT_READABLE");
    },
  );
});

test("it is meant for a host all of whose names it has, and for its key", () => {
  const object = readCertificateObject(text);
  expect(isMeantFor(object, keyIdOf(key), ["www.planet.example.org"])).toBe(true);
  expect(isMeantFor(object, keyIdOf(key), names)).toBe(true);
  expect(isMeantFor(object, keyIdOf(key), [...names, "other.example.org"])).toBe(false);
  expect(isMeantFor(object, keyIdOf("f".repeat(64)), names)).toBe(false);
});
