import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cloudIdentity } from "../identity.ts";
import { newWorldState } from "./newWorld.ts";
import { readStateFile, StateFile } from "./stateFile.ts";

describe("the state file (proves what a reader finds; not a power failure)", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const path = () => join(directory, "state.json");

  test("every flush sees what was true at its call, many calls share a write, and only the owner may read", async () => {
    const state = newWorldState({ mode: "vpc", version: "5.1" }, cloudIdentity("local"), "seed");
    const file = new StateFile(path(), state);
    const flushed = Array.from({ length: 20 }, (_, index) => {
      state.tags.set("i-1", new Map([["__proto__", String(index)]]));
      return file.flush();
    });
    await Promise.all(flushed);
    expect(readStateFile(path())).toEqual(state);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(["state.json"]);
  });

  test("another format is refused with the way out, no file is an empty cloud", () => {
    expect(readStateFile(path())).toBeUndefined();
    writeFileSync(path(), '{"format":0}');
    expect(() => readStateFile(path())).toThrow(expect.objectContaining({ code: "OTHER_FORMAT" }));
  });
});
