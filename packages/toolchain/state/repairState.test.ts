import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { repairState } from "./repairState.ts";

const STACK = "stacks/planet/local.json";
const state = (serial: number) => JSON.stringify({ version: 3, checkpoint: { serial } });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-state-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, ".pulumi", name);

function put(name: string, bytes: string | Buffer, ageSeconds = 0) {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), bytes);
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(at(name), then, then);
}

async function repaired(meanwhile: () => void = () => {}): Promise<string[]> {
  const said: string[] = [];
  await repairState(
    folder,
    "planet",
    (line) => void said.push(line),
    async () => meanwhile(),
  );
  return said;
}

/** The file that was put aside, as it was. */
function aside(name: string): string {
  const [time = ""] = readdirSync(at("aside"));
  return readFileSync(at(path.join("aside", time, name)), "utf8");
}

describe("a state folder after a CLI was killed in it", () => {
  test.each([
    ["meta.yaml", "version: 1\n"],
    [STACK, state(1)],
    [`${STACK}.bak`, state(1)],
    ["stacks/planet/local.pulumi-tags", "{}"],
    ["locks/organization/planet/local/1.json", "{}"],
    ["history/planet/local/local-1.history.json", "{}"],
  ])("loses the cut-off metadata of %s, and says so", async (name, text) => {
    for (const metadata of ["", '{"user.cache']) {
      put(name, text);
      put(`${name}.attrs`, metadata);
      expect(await repaired()).toEqual([expect.stringContaining(`${name}.attrs`)]);
      expect([existsSync(at(`${name}.attrs`)), readFileSync(at(name), "utf8")]).toEqual([false, text]);
    }
    expect(await repaired()).toEqual([]);
  });

  test("loses what never got into place, and keeps what a running CLI is just writing", async () => {
    put("stacks/planet/local.json.1234.tmp", "half", 61);
    put("stacks/planet/local.json.5678.tmp", "half");
    put(`${STACK}.attrs`, "");
    const filled = () => put(`${STACK}.attrs`, '{"md5":""}');
    expect(await repaired(filled)).toEqual([expect.stringContaining("1234.tmp")]);
    expect(readdirSync(at("stacks/planet"))).toHaveLength(2);
  });

  test("where there is no state yet, nothing happens", async () => {
    expect(await repaired()).toEqual([]);
  });

  test("another project's files are not touched", async () => {
    put("stacks/other/local.json.attrs", "");
    expect(await repaired()).toEqual([]);
  });
});

describe("a state that was cut off, as by a machine that lost its power", () => {
  test.each([
    ["nothing", ""],
    ["a half", state(2).slice(0, 20)],
    ["zeros", "\0\0\0\0"],
    ["something else", "[]"],
  ])("of which %s is left: the one before the last write takes its place, and it is kept", async (_, left) => {
    put(`${STACK}.bak`, state(1));
    put(STACK, left);
    expect(await repaired()).toEqual([expect.stringMatching(/local\.json was cut off[\s\S]*local\.json\.bak of 20/)]);
    expect([readFileSync(at(STACK), "utf8"), aside(STACK)]).toEqual([state(1), left]);
    expect(await repaired()).toEqual([]);
  });

  test("compressed, too", async () => {
    put(`${STACK}.gz`, gzipSync(state(2)).subarray(0, 30));
    put(`${STACK}.gz.bak`, gzipSync(state(1)));
    await repaired();
    expect(readFileSync(at(`${STACK}.gz`))).toEqual(gzipSync(state(1)));
  });

  test("the newest whole copy is taken, wherever it is", async () => {
    put(STACK, "");
    put(`${STACK}.bak`, "", 10);
    put("backups/planet/local/local.1.json", state(1), 30);
    put("history/planet/local/local-2.checkpoint.json", state(2), 20);
    put("history/planet/local/local-2.history.json", "{}", 5);
    put("backups/planet/localize/localize.3.json", state(3), 5);
    await repaired();
    expect(readFileSync(at(STACK), "utf8")).toBe(state(2));
  });

  test("without a whole copy it is left as it is, and that is said", async () => {
    put(STACK, "half");
    expect(await repaired()).toEqual([expect.stringContaining("docs/state.md")]);
    expect(readFileSync(at(STACK), "utf8")).toBe("half");
  });

  test.each(["meta.yaml", "locks/organization/planet/local/1.json", "history/planet/local/local-1.history.json"])(
    "%s is put aside, and the CLI does without",
    async (name) => {
      put(name, "{");
      expect(await repaired()).toEqual([expect.stringContaining(name)]);
      expect([existsSync(at(name)), aside(name)]).toEqual([false, "{"]);
    },
  );
});
