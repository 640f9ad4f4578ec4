import { describe, expect, test } from "@jest/globals";
import { certificateKey, certificateKeyText, policyOf, signatureOf } from "@planet/content";
import { main } from "./main.ts";
import { signEnvironment } from "./task.ts";

const policy = policyOf({ bucket: "planet", prefix: "memory/", acl: "public-read" });
const task = signEnvironment({ what: "permit", text: policy, accessKeyId: "AKIAPLANET" });
const keys = { AWS_ACCESS_KEY_ID: "AKIAPLANET", AWS_SECRET_ACCESS_KEY: "s3cret" };

function run(environment: object) {
  const [written, said] = [[] as string[], [] as string[]];
  const edges = { write: (text: string) => void written.push(text), complain: (text: string) => void said.push(text) };
  return { code: main(environment as NodeJS.ProcessEnv, edges), written, said };
}

describe("signPermit", () => {
  test("writes the signature and nothing else: its output is the secret", () => {
    expect(run({ ...task, ...keys })).toEqual({ code: 0, written: [signatureOf(policy, "s3cret")], said: [] });
  });

  test("writes the key of the certificate in the same way", () => {
    const text = certificateKeyText("http://10.67.0.1:8773/planet", 1);
    const itsTask = signEnvironment({ what: "certificate-key", text, accessKeyId: "AKIAPLANET" });
    expect(run({ ...itsTask, ...keys })).toEqual({ code: 0, written: [certificateKey(text, "s3cret")], said: [] });
    expect(run({ ...itsTask, ...keys, AWS_ACCESS_KEY_ID: "AKIAOTHER" })).toMatchObject({ code: 1, written: [] });
  });

  test("signs with a key of its own where there is one, whatever the deploy's keys are", () => {
    const own = { PLANET_SIGNER_ACCESS_KEY_ID: "AKIASIGNER", PLANET_SIGNER_SECRET_ACCESS_KEY: "0wn" };
    const itsTask = signEnvironment({ what: "permit", text: policy, accessKeyId: "AKIASIGNER" });
    const { written } = run({ ...itsTask, ...keys, ...own, AWS_SESSION_TOKEN: "token" });
    expect(written).toEqual([signatureOf(policy, "0wn")]);
  });

  test.each([
    ["no policy", { ...keys }, "not signed"],
    ["no keys", { ...task }, "AWS_ACCESS_KEY_ID"],
    ["another key", { ...task, ...keys, AWS_ACCESS_KEY_ID: "AKIAOTHER" }, "pulumi up"],
    ["a session's key", { ...task, ...keys, AWS_SESSION_TOKEN: "token" }, "pulumi up"],
    ["half a key of its own", { ...task, ...keys, PLANET_SIGNER_ACCESS_KEY_ID: "AKIAPLANET" }, "PLANET_SIGNER_SECRET"],
    ["the other half", { ...task, ...keys, PLANET_SIGNER_SECRET_ACCESS_KEY: "x" }, "PLANET_SIGNER_ACCESS_KEY_ID"],
  ])("signs nothing with %s", (_, environment, words) => {
    const { code, written, said } = run(environment);
    expect([code, written]).toEqual([1, []]);
    expect(said.join("")).toContain(words);
    expect(said.join("")).not.toContain("s3cret");
  });
});
