import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  certificateKey,
  certificateKeyText,
  memoryPrefix,
  type Permit,
  PermitError,
  permitPrefix,
  policyField,
  policyOf,
  readBackSeconds,
  readPermit,
  scopeOf,
  signatureOf,
  writePermit,
} from "./permit.ts";

const scope = { bucket: "planet", prefix: "memory/", acl: "public-read" } as const;

describe("policyOf and signatureOf (what a cloud makes of them: packages/local-cloud/s3/formUpload.test.ts)", () => {
  test("the policy is this very text: another byte would be another permit", () => {
    expect(policyOf(scope)).toBe(
      '{"expiration":"2099-12-31T00:00:00.000Z","conditions":[{"bucket":"planet"},' +
        '["starts-with","$key","memory/"],{"acl":"public-read"},["starts-with","$Content-Type",""]]}',
    );
  });

  test("the signature is HMAC-SHA1 over the base64 of the policy, in base64", () => {
    const policy = policyOf(scope);
    const expected = createHmac("sha1", "secret").update(Buffer.from(policy).toString("base64")).digest("base64");
    expect(signatureOf(policy, "secret")).toBe(expected);
    expect(policyField(policy)).toBe(Buffer.from(policy).toString("base64"));
  });

  test("whatever is signed with whatever key, a signature has 28 characters", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (policy, key) => {
        expect(signatureOf(policy, key)).toMatch(/^[A-Za-z0-9+/]{27}=$/);
      }),
    );
  });

  test("each number of the permit has a prefix of its own, and none is the beginning of another", () => {
    expect([1, 2].map(memoryPrefix)).toEqual(["memory/", "memory-2/"]);
    expect([1, 2].map((permit) => permitPrefix("acme-challenge", permit))).toEqual([
      "acme-challenge/",
      "acme-challenge-2/",
    ]);
    const kinds = ["memory", "tls", "acme-challenge"] as const;
    const prefixes = kinds.flatMap((kind) => [1, 2, 10, 11, 100].map((permit) => permitPrefix(kind, permit)));
    for (const one of prefixes) {
      expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
    }
  });
});

test("the key of the certificate is the same when it is made again, and another for each part of it", () => {
  const keyOf = (bucketUrl: string, permit: number, secret: string) =>
    certificateKey(certificateKeyText(bucketUrl, permit), secret);
  const text = "planet certificate key 1\nhttp://x/planet\n1";
  expect(keyOf("http://x/planet", 1, "secret")).toBe(createHmac("sha256", "secret").update(text).digest("hex"));
  const all = [
    keyOf("http://x/planet", 2, "secret"),
    keyOf("http://x/b", 1, "secret"),
    keyOf("http://x/planet", 1, "s"),
  ];
  expect(new Set([keyOf("http://x/planet", 1, "secret"), ...all])).toHaveProperty("size", 4);
});

test("a server reads back after half an interval, and at most 15 s", () => {
  expect([10, 30, 300].map(readBackSeconds)).toEqual([5, 15, 15]);
});

describe("readPermit", () => {
  const permit: Permit = {
    bucketUrl: "http://10.67.0.1:8773/services/objectstorage/planet",
    bucket: "planet",
    prefix: "memory-2/",
    accessKeyId: "AKIAPLANET",
    signature: signatureOf(policyOf(scope), "secret"),
  };

  test("reads what writePermit has written", () => {
    expect(readPermit(writePermit(permit))).toEqual(permit);
    expect(scopeOf(permit)).toEqual({ bucket: "planet", prefix: "memory-2/", acl: "public-read" });
  });

  test.each<[string, Partial<Record<keyof Permit, unknown>>]>([
    ["bucketUrl", { bucketUrl: "ftp://x/planet" }],
    ["bucketUrl", { bucketUrl: "http://x/planet/" }],
    ["bucket", { bucket: "a/b" }],
    ["prefix", { prefix: "" }],
    ["prefix", { prefix: "memory" }],
    ["prefix", { prefix: "objects/" }],
    ["prefix", { prefix: "tls/" }],
    ["prefix", { prefix: "memory-01/" }],
    ["accessKeyId", { accessKeyId: "" }],
    ["signature", { signature: permit.signature.slice(1) }],
    ["signature", { signature: 28 }],
  ])("refuses a wrong %s and does not repeat it", (name, change) => {
    const text = JSON.stringify({ ...permit, ...change });
    expect(() => readPermit(text)).toThrow(new PermitError("memory", `its "${name}" is not one`));
  });

  test.each(["", "null", "[]", permit.signature, writePermit(permit).slice(0, -10)])("refuses %j", (text) => {
    expect(() => readPermit(text)).toThrow(PermitError);
  });

  test("an error text never has the signature", () => {
    const messageOf = (text: string) => {
      try {
        readPermit(text);
      } catch (error) {
        return String(error);
      }
      return "";
    };
    for (const text of [permit.signature, `{"signature":"${permit.signature}"`, `{"signature":"${permit.signature}="}`])
      expect(messageOf(text)).not.toContain(permit.signature.slice(0, 10));
  });
});
