import { describe, expect, test } from "@jest/globals";
import { exportPath } from "./environment.ts";

describe("PATH as planet env prints it", () => {
  test("has ours in front of the shell's, and nothing that npm put there for this command", () => {
    const npm = "/c/node_modules/.bin:/npm/node-gyp-bin:/usr/bin";
    expect(exportPath(["/c/node", "/it's/bin"], npm)).toBe(`export PATH='/c/node:/it'\\''s/bin':"$PATH"\n`);
  });

  test("is left alone where ours are there already", () => {
    expect(exportPath(["/c/node", "/c/bin"], "/c/node:/c/bin:/usr/bin")).toBe("");
  });
});
