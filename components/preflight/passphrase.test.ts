import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { checkPassphrase } from "./passphrase.ts";

/** As `pulumi stack init` writes it. */
function stackFile(passphrase: string): string {
  const [salt, nonce] = [randomBytes(8), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256"), nonce);
  const sealed = Buffer.concat([cipher.update("pulumi"), cipher.final(), cipher.getAuthTag()]);
  const [a, b, c] = [salt, nonce, sealed].map((bytes) => bytes.toString("base64"));
  return `encryptionsalt: v1:${a}:v1:${b}:${c}\nconfig:\n  planet:host: planet.example.org\n`;
}

describe("checkPassphrase", () => {
  test.each([
    ["the one of the local stack, which the real CLI has written", readFileSync("Pulumi.local.yaml", "utf8"), "knows"],
    ["an empty one", stackFile(""), "is empty"],
  ])("refuses %s", (_, text, words) => {
    const refused = { code: "PUBLIC_PASSPHRASE", message: expect.stringContaining(words) };
    expect(() => checkPassphrase(text, "prod", {})).toThrow(expect.objectContaining(refused));
  });

  test("one in the environment is not derived, but compared", () => {
    const text = readFileSync("Pulumi.local.yaml", "utf8");
    const check = (passphrase: string) => checkPassphrase(text, "prod", { PULUMI_CONFIG_PASSPHRASE: passphrase });
    expect(() => check("planet")).toThrow(expect.objectContaining({ code: "PUBLIC_PASSPHRASE" }));
    expect(() => check("correct horse battery staple")).not.toThrow();
  });

  test.each([
    ["a passphrase of one's own", stackFile("correct horse battery staple")],
    ["another provider of secrets", "secretsprovider: awskms://alias/x\nencryptedkey: abc\n"],
    ["no file yet", ""],
    ["a salt that nobody has written", "encryptionsalt: v1:x\n"],
  ])("takes %s", (_, text) => expect(() => checkPassphrase(text, "prod", {})).not.toThrow());
});
