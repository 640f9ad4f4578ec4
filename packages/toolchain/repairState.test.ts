import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { repairState } from "./repairState.ts";

let folder: string;
let stacks: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-state-"));
  stacks = path.join(folder, ".pulumi/stacks/planet");
  mkdirSync(stacks, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string, ageSeconds = 0) {
  const file = path.join(stacks, name);
  writeFileSync(file, text);
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(file, then, then);
}

async function repaired(): Promise<string[]> {
  const said: string[] = [];
  await repairState(folder, (line) => void said.push(line));
  return said;
}

describe("a state folder after a CLI was killed in it", () => {
  test("loses empty metadata and what never got into place, and says so", async () => {
    put("local.json", "{}");
    put("local.json.attrs", "");
    put("local.json.1234.tmp", "half", 61);
    expect(await repaired()).toEqual([
      expect.stringContaining("local.json.attrs"),
      expect.stringContaining("local.json.1234.tmp"),
    ]);
    expect(readdirSync(stacks)).toEqual(["local.json"]);
    expect(await repaired()).toEqual([]);
  });

  test("keeps what a running CLI is just writing", async () => {
    put("local.json.attrs", "");
    put("local.json.1234.tmp", "half");
    const repairing = repaired();
    setTimeout(() => put("local.json.attrs", '{"md5":""}'), 200);
    expect(await repairing).toEqual([]);
    expect(readdirSync(stacks)).toHaveLength(2);
  });

  test("where there is no state yet, nothing happens", async () => {
    rmSync(stacks, { recursive: true });
    expect(await repaired()).toEqual([]);
  });
});
