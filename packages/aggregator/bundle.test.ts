import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { buildBundle } from "./bundle.ts";

/** Methods that Node 18.20 does not have; esbuild lowers syntax, never these. */
const TOO_NEW =
  /\.(?:toSorted|toReversed|toSpliced|isWellFormed|toWellFormed|withResolvers|fromAsync|groupBy|getOrInsert)\(/g;

const here = resolve(import.meta.dirname);
let folder: string;
let bundle: Awaited<ReturnType<typeof buildBundle>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "planet-bundle-"));
  bundle = await buildBundle();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the bundle (proves bytes and names; that it runs on Node 18 is proven by booting Debian 12)", () => {
  test("has the same bytes from another path", () => {
    const other = join(folder, "elsewhere", "deeper");
    mkdirSync(join(other, "packages"), { recursive: true });
    cpSync(here, join(other, "packages/aggregator"), { recursive: true });
    symlinkSync(resolve(here, "../../node_modules"), join(other, "node_modules"));
    const script = `import("./bundle.ts").then(async (m) => console.log((await m.buildBundle()).sha256))`;
    const cwd = join(other, "packages/aggregator");
    expect(execFileSync(process.execPath, ["-e", script], { cwd, encoding: "utf8" }).trim()).toBe(bundle.sha256);
  });

  test("names its own hash, holds no path of this checkout and stays small", () => {
    const text = Buffer.from(bundle.bytes).toString("utf8");
    expect(sha256Of(bundle.bytes)).toBe(bundle.sha256);
    expect(text).not.toContain(resolve(here, "../.."));
    expect(text).not.toContain("node_modules");
    expect(bundle.bytes.length).toBeLessThan(700_000);
  });

  test("uses nothing that Node 18 lacks", () => {
    expect(Buffer.from(bundle.bytes).toString("utf8").match(TOO_NEW)).toBeNull();
  });

  test("passes its self-test as one file without anything beside it", () => {
    const file = join(folder, "planet.cjs");
    writeFileSync(file, bundle.bytes);
    const output = execFileSync(process.execPath, [file, "selftest"], { cwd: folder, encoding: "utf8" });
    expect(output).toMatch(/^planet: selftest ok node=v/);
  });

  test("checks a planet.ini", () => {
    const file = join(folder, "planet.ini");
    writeFileSync(file, "[Planet]\nname = P\nlink = http://p/\n[http://a/]\nfilter = (\n");
    const run = () => execFileSync(process.execPath, [join(folder, "planet.cjs"), "check", file], { encoding: "utf8" });
    expect(run).toThrow(expect.objectContaining({ status: 1, stdout: expect.stringContaining(`${file}:5: error: `) }));
  });
});
