import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { stackCredentials } from "./credentials.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKI1", AWS_SECRET_ACCESS_KEY: "secret" };

test.each([
  ["", [["stack", "--show-name", "--non-interactive"]]],
  ["prod", []],
])(
  "the keys are those of the stack that is named (%j), or selected: a local cloud's hang on its endpoint",
  async (stack, asked) => {
    const calls: (readonly string[])[] = [];
    const read = async (args: readonly string[]) => {
      calls.push(args);
      return { code: 0, stdout: "prod\n" };
    };
    const nothing = () => {};
    const context = {
      checkout: tmpdir(),
      environment: KEYS,
      out: nothing,
      err: nothing,
    };
    const keys = await stackCredentials(stack, { ...context, shownNotices: new Set<string>() }, { read });
    expect(keys).toMatchObject({ accessKeyId: "AKI1" });
    expect(calls).toEqual(asked);
  },
);

test("of a local cloud that does not run there are none, and it is not the shell's keys that are missing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "planet-keys-"));
  const nothing = () => {};
  const world = { checkout: folder, environment: { ...KEYS, XDG_STATE_HOME: folder }, out: nothing, err: nothing };
  const read = async () => ({ code: 0, stdout: "" });
  const keys = stackCredentials("local", { ...world, shownNotices: new Set<string>() }, { read });
  await expect(keys).rejects.toMatchObject({ code: "CLOUD_STOPPED", message: expect.not.stringContaining("AWS_") });
  rmSync(folder, { recursive: true });
});
