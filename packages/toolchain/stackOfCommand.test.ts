import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { needsStack, readCommandLine, selectedStack } from "./stackOfCommand.ts";

describe("which stack a command line is about", () => {
  test.each([
    ["up --yes", { verb: "up" }],
    ["up --stack prod", { verb: "up", stack: "prod" }],
    ["-s prod preview", { verb: "preview", stack: "prod" }],
    ["--stack=organization/planet/prod stack output", { verb: "stack", subverb: "output", stack: "prod" }],
    ["stack init prod", { verb: "stack", subverb: "init", stack: "prod" }],
    ["stack init --stack prod", { verb: "stack", subverb: "init", stack: "prod" }],
    ["stack new --secrets-provider passphrase o/p/prod", { verb: "stack", subverb: "new", stack: "prod" }],
    ["stack init --copy-config-from local -y prod", { verb: "stack", subverb: "init", stack: "prod" }],
    ["stack select --create prod", { verb: "stack", subverb: "select", stack: "prod" }],
    ["-C /x stack rm -y prod", { verb: "stack", subverb: "rm", stack: "prod", folder: "/x" }],
    ["stack delete prod", { verb: "stack", subverb: "delete", stack: "prod" }],
    ["stack rm", { verb: "stack", subverb: "rm" }],
    ["stack rename prod", { verb: "stack", subverb: "rename" }],
    ["stack rename prod -s old", { verb: "stack", subverb: "rename", stack: "old" }],
    ["stack output url", { verb: "stack", subverb: "output" }],
    ["-sprod up", { verb: "up", stack: "prod" }],
    ["-s=prod up", { verb: "up", stack: "prod" }],
    ["-C /somewhere up", { verb: "up", folder: "/somewhere" }],
    ["up --cwd=/somewhere", { verb: "up", folder: "/somewhere" }],
    ["config set a -- --stack", { verb: "config", subverb: "set" }],
    ["up --skip-preview --stack", { verb: "up" }],
    ["--show-secrets config", { verb: "config" }],
  ])("%s", (words, expected) => {
    expect(readCommandLine(words.split(" "))).toEqual(expected);
  });

  test.each([
    ["up", true],
    ["stack", true],
    ["stack output", true],
    ["stack select dev", false],
    ["stack init dev", false],
    ["stack remove dev", false],
    ["stack ls", false],
    ["version", false],
    ["plugin ls", false],
    ["", false],
  ])("%s needs one: %s", (words, expected) => {
    expect(needsStack(readCommandLine(words.split(" ").filter(Boolean)))).toBe(expected);
  });
});

describe("the selected stack", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "planet-home-"));
  const projectFile = path.join(folder, "Pulumi.yaml");
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is kept for each backend", () => {
    const store = path.join(
      folder,
      `workspaces/demo-${createHash("sha1").update(projectFile).digest("hex")}-workspace.json`,
    );
    mkdirSync(path.dirname(store));
    writeFileSync(projectFile, "# a project\nname: demo\n");
    writeFileSync(store, JSON.stringify({ stacks: { "file:///a": "organization/demo/prod" } }));
    expect(selectedStack(folder, projectFile, "file:///a")).toBe("prod");
    expect(selectedStack(folder, projectFile, "file:///b")).toBeUndefined();
  });

  test("is undefined where nothing was selected", () => {
    expect(selectedStack(path.join(folder, "nowhere"), projectFile, "file:///a")).toBeUndefined();
  });
});
