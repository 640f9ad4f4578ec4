import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startEngine, type TestEngine } from "../harness/testEngine.ts";

const MINUTES = 60_000;
/** What the cloud has, after a test that named what it does not have. */
const WELL = { image: "emi-b78e07c8", instanceType: "t2.small", keyName: undefined };

let engine: TestEngine;
beforeAll(async () => {
  engine = await startEngine("stack-wrong-server", "vpc");
}, 5 * MINUTES);
afterAll(() => engine?.stop(), MINUTES);

test(
  "a preview reports everything that the cloud does not have: image, instance type and key pair",
  async () => {
    const { project } = engine;
    await project.configure({ image: "emi-b78e07c9", instanceType: "m9.huge", keyName: "nobody" });
    const { exitCode, output } = await project.pulumi(["preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/"emi-b78e07c9" is not an image .*there are emi-b78e07c8.* Correct ami/);
    expect(output).toMatch(/"m9\.huge" is not an instance type .* Correct instanceType/);
    expect(output).toMatch(/"nobody" is not a key pair .*there is none.* Correct keyName/);
  },
  2 * MINUTES,
);

test(
  "an address that is not the account's is reported with its setting, and wrong keys are reported as keys",
  async () => {
    const { project } = engine;
    await project.configure({ ...WELL, address: "192.0.2.77" });
    const unknown = await project.pulumi(["preview"]);
    expect(unknown.exitCode).not.toBe(0);
    expect(unknown.output).toContain("planet:address 192.0.2.77 cannot be adopted");
    expect(unknown.output).toContain("This account has no such elastic address.");

    for (const [keys, reason] of [
      [{ AWS_SECRET_ACCESS_KEY: "wrong" }, "it refuses the keys"],
      [{ AWS_SECRET_ACCESS_KEY: undefined }, "AWS_SECRET_ACCESS_KEY is not set"],
    ] as const) {
      const refused = await project.pulumi(["preview"], keys);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toContain(reason);
      expect(refused.output).not.toMatch(/planet:address|unhandled exception/);
    }
    await project.configure({ address: undefined });
  },
  2 * MINUTES,
);

test(
  "a key pair that the deploy itself makes is not missed",
  async () => {
    const { project } = engine;
    const publicKey = sshLine();
    await project.configure({ ...WELL, publicKey });
    await project.succeed(["preview"]);
    await project.succeed(["up", "--yes"]);
    await project.up("--expect-no-changes");
  },
  2 * MINUTES,
);

/** A public key as `ssh-keygen -t rsa` writes it: RFC 4253, section 6.6. */
function sshLine(): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  const number = (text: string) => Buffer.concat([Buffer.of(0), Buffer.from(text, "base64url")]);
  const exponent = Buffer.from(e, "base64url");
  const parts = [Buffer.from("ssh-rsa"), exponent, number(n)].map((bytes) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return `ssh-rsa ${Buffer.concat(parts).toString("base64")} test`;
}
