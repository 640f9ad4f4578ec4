import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

// Stack files are committed. Proves that nothing in them has the look of a secret; not that a value is harmless.

const checkout = fileURLToPath(new URL("..", import.meta.url));
const stackFiles = readdirSync(checkout).filter((name) => /^Pulumi(\..+)?\.yaml$/.test(name));

/** Keys of settings that hold secrets, and values that are secrets whatever their key. */
const SECRET_KEYS =
  /^\s*[\w:.-]*(secret|password|passphrase|token|private|credential|accesskey|access_key)[\w-]*:\s*\S/i;
const SECRET_VALUES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAKI[A-Z0-9]{17}\b/, // access key ids: AKIA… of AWS, AKI… of Eucalyptus (20 characters)
  /(^|[^A-Za-z0-9/+])[A-Za-z0-9/+]{40}([^A-Za-z0-9/+=]|$)/, // secret access keys: 40 characters of base64
];

/** Lines that look like a secret. What is encrypted (`secure:`) and the salt, which only checks a passphrase, do not. */
function secretLines(text: string): string[] {
  return text.split("\n").filter((line) => {
    if (/^\s*secure: v1:/.test(line) || line.startsWith("encryptionsalt: v1:")) return false;
    const isNamed = SECRET_KEYS.test(line) && !line.trimStart().startsWith("#");
    return isNamed || SECRET_VALUES.some((pattern) => pattern.test(line));
  });
}

describe("what is taken for a secret", () => {
  test.each([
    "  other:token: hunter2",
    "  aws:secretKey: x",
    `  planet:image: ${"a1B2".repeat(10)}`,
    "  planet:keyName: AKIAIOSFODNN7EXAMPLE",
    "  -----BEGIN RSA PRIVATE KEY-----",
  ])("%s", (line) => expect(secretLines(line)).toEqual([line]));

  test.each([
    "    secure: v1:abc:def",
    "encryptionsalt: v1:E1Sv7d4z/Zo=:v1:dzwYE5hRq3zrLC3s:1IxJM6XKidIK6vDD",
    "  planet:endpoint: http://173.205.188.8:8773",
    "# the passphrase of the salt is `planet`",
    "  other:token:",
  ])("not: %s", (line) => expect(secretLines(line)).toEqual([]));
});

test.each(stackFiles)("%s holds nothing that looks like a secret", (name) => {
  expect(secretLines(readFileSync(join(checkout, name), "utf8"))).toEqual([]);
});
