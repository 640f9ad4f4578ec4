import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { certificateRequest, newPrivateKey } from "./certificateRequest.ts";

const hasOpenssl = (() => {
  try {
    return execFileSync("openssl", ["version"]).length > 0;
  } catch {
    return false;
  }
})();

(hasOpenssl ? test : test.skip)("OpenSSL reads the names in it and finds its signature right", () => {
  const names = ["planet.example.org", `${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.example.org`];
  const request = certificateRequest(names, newPrivateKey());
  const options = ["req", "-inform", "DER", "-noout", "-text", "-verify"];
  const text = execFileSync("openssl", options, { input: request, stdio: "pipe" }).toString();
  expect(text).toContain(names.map((name) => `DNS:${name}`).join(", "));
  expect(text).toContain("Version: 1 (0x0)");
  expect(text).toMatch(/^ *Subject: *$/m);
});

test("a request for ten long names is written whole", () => {
  const names = Array.from(
    { length: 10 },
    (_, n) => `${n}.${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example.org`,
  );
  const request = certificateRequest(names, newPrivateKey());
  expect(request.readUInt16BE(2)).toBe(request.length - 4);
});
