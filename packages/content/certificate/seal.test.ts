import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { keyIdOf, openSealed, seal } from "./seal.ts";

const key = "0123456789abcdef".repeat(4);
const another = "f".repeat(64);

test("opens whatever was sealed, with the same clear text and key", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (secret, clear) => {
      expect(openSealed(seal(secret, clear, key), clear, key)).toBe(secret);
    }),
  );
});

test("the same secret is sealed in other bytes each time", () => {
  expect(seal("secret", "", key)).not.toBe(seal("secret", "", key));
});

test.each([
  ["another clear text", () => openSealed(seal("secret", "a", key), "b", key), "SEAL_BROKEN"],
  ["another key", () => openSealed(seal("secret", "a", key), "a", another), "SEAL_BROKEN"],
  ["a cut text", () => openSealed(seal("secret", "a", key).slice(0, 20), "a", key), "NOT_READABLE"],
  ["no text", () => openSealed("", "a", key), "NOT_READABLE"],
  ["a line break", () => openSealed(`${seal("secret", "a", key)}\n`, "a", key), "NOT_READABLE"],
])("refuses %s", (_, open, code) => {
  expect(open).toThrow(expect.objectContaining({ code }));
});

test("the id of a key is public: 16 digits of its hash", () => {
  expect(keyIdOf(key)).toBe("4884fdaafea47c29");
  expect(keyIdOf(another)).not.toBe(keyIdOf(key));
});

test.each(["", "secret", key.slice(1), key.toUpperCase(), ` ${key}`])("%j is no key, and is not repeated", (wrong) => {
  const message = expect.not.stringMatching(/secret|abcdef/i);
  for (const use of [() => keyIdOf(wrong), () => seal("", "", wrong), () => openSealed(seal("", "", key), "", wrong)])
    expect(use).toThrow(expect.objectContaining({ code: "WRONG_CERTIFICATE_KEY", message }));
});
