import { describe, expect, test } from "@jest/globals";
import { sshLine } from "../testing/sshLine.ts";
import { possibleFingerprints, problemWithPublicKey } from "./publicKey.ts";

const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBmPnQuoe3tYYVHLk1TzNuJFvzzjpzT3T9eB7S8cJ3vS me@here";

describe("public keys that the cloud takes", () => {
  test.each([
    { name: "RSA of 2048 bits", key: sshLine(2048), text: undefined },
    { name: "RSA of 3072 bits, ssh-keygen's own choice for RSA", key: sshLine(3072), text: "3072 bits" },
    { name: "ed25519, ssh-keygen's default", key: ED25519, text: "ssh-ed25519" },
    { name: "a PEM file", key: "-----BEGIN PUBLIC KEY-----\nMI", text: "PEM" },
    { name: "half a line", key: "ssh-rsa AAAAB3NzaC1yc2E", text: "well-formed" },
  ])("$name", ({ key, text }) => {
    if (text === undefined) expect(problemWithPublicKey(key)).toBeUndefined();
    else expect(problemWithPublicKey(key)).toContain(text);
  });

  test("have fingerprints in all forms that clouds write", () => {
    const prints = possibleFingerprints(sshLine(2048));
    expect(prints).toHaveLength(4);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){15,19}$/);
  });
});
