import { describe, expect, test } from "@jest/globals";
import type { Context } from "../command.ts";
import { readStackSettings } from "./settings.ts";

const context = {} as Context;
const config = (values: Readonly<Record<string, string>>) => async () => ({
  code: 0,
  stdout: JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`planet:${key}`, { value }])),
  ),
});
const WHOLE = { endpoint: "http://192.0.2.1:8773/", region: "eucalyptus", bucket: "b" };

describe("a stack's settings (proves what the CLI needs of them; the program itself judges their values)", () => {
  test.each([
    ['["a.test","b.test"]', ["a.test", "b.test"]],
    ["a.test", []],
    ['{"a":1}', []],
  ])("allowHosts %s", async (allowHosts, expected) => {
    const settings = await readStackSettings(config({ ...WHOLE, allowHosts }), "", context);
    expect(settings).toMatchObject({ endpoint: "http://192.0.2.1:8773", allowHosts: expected });
  });

  test("what is missing is named", async () => {
    await expect(readStackSettings(config({ endpoint: "http://a.test" }), "", context)).rejects.toMatchObject({
      code: "SETTING_MISSING",
    });
  });
});
