import { describe, expect, test } from "@jest/globals";
import { policyOf, signatureOf } from "@planet/content";
import { main } from "./main.ts";
import { signEnvironment } from "./task.ts";

const policy = policyOf({ bucket: "planet", prefix: "memory/", acl: "public-read" });
const task = signEnvironment({ policy, accessKeyId: "AKIAPLANET" });
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

  test.each([
    ["no policy", { ...keys }, "VARIABLE", "not signed"],
    ["no keys", { ...task }, "MISSING", "AWS_ACCESS_KEY_ID"],
    ["another key", { ...task, ...keys, AWS_ACCESS_KEY_ID: "AKIAOTHER" }, "OTHER_KEY", "pulumi up"],
    ["a session's key", { ...task, ...keys, AWS_SESSION_TOKEN: "token" }, "OTHER_KEY", "pulumi up"],
  ])("signs nothing with %s", (_, environment, _code, words) => {
    const { code, written, said } = run(environment);
    expect([code, written]).toEqual([1, []]);
    expect(said.join("")).toContain(words);
    expect(said.join("")).not.toContain("s3cret");
  });
});
