import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { build } from "esbuild";
import { READY, WORKER_ROLE } from "./build/worker/entry.ts";
import { buildBundle } from "./bundle.ts";

/** Methods that Node 18.20 does not have; esbuild lowers syntax, never these. */
const TOO_NEW =
  /\.(?:toSorted|toReversed|toSpliced|isWellFormed|toWellFormed|withResolvers|fromAsync|groupBy|getOrInsert)\(/g;

const here = resolve(import.meta.dirname);
let folder: string;
let bundle: Awaited<ReturnType<typeof buildBundle>>;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "planet-bundle-"));
  file = join(folder, "planet.cjs");
  bundle = await buildBundle();
  writeFileSync(file, bundle.bytes);
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

  test("can be tested on a server's Node: no test or tool of engine and content calls what that does not have", () => {
    const files = ["aggregator", "content"].flatMap((name) =>
      readdirSync(resolve(here, "..", name), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
        .map((file) => resolve(here, "..", name, file)),
    );
    const calls = files.flatMap((file) => {
      const found = readFileSync(file, "utf8").match(TOO_NEW) ?? [];
      return found.map((call) => `${relative(here, file)}: ${call}`);
    });
    expect(calls).toEqual([]);
  });

  test("names its own hash, holds no path of this checkout and stays small", () => {
    const text = Buffer.from(bundle.bytes).toString("utf8");
    expect(sha256Of(bundle.bytes)).toBe(bundle.sha256);
    expect(text).not.toContain(resolve(here, "../.."));
    expect(text).not.toContain("node_modules");
    expect(bundle.bytes.length).toBeLessThan(960_000);
  });

  test("uses nothing that Node 18 lacks", () => {
    expect(Buffer.from(bundle.bytes).toString("utf8").match(TOO_NEW)).toBeNull();
  });

  test("passes its self-test as one file without anything beside it", () => {
    const output = execFileSync(process.execPath, [file, "selftest"], { cwd: folder, encoding: "utf8" });
    expect(output).toMatch(/^planet: selftest ok node=v/);
  });

  test("is its own reader thread", async () => {
    const worker = new Worker(file, { workerData: { role: WORKER_ROLE } });
    expect((await once(worker, "message"))[0]).toBe(READY);
    worker.postMessage({ id: 7, task: { kind: "match", rules: { filter: "a", entries: [] } } });
    expect((await once(worker, "message"))[0]).toEqual({ id: 7, result: [] });
    await worker.terminate();
  });

  test("loads feed parsers and templates only when it builds a website", async () => {
    const options = { bundle: true, splitting: true, format: "esm", platform: "node", write: false } as const;
    const entry = { absWorkingDir: here, entryPoints: ["main.ts"], outdir: "out" };
    const { outputs } = (await build({ ...options, ...entry, metafile: true })).metafile;
    const loaded = new Set(["out/main.js"]);
    for (const chunk of loaded) {
      for (const { path, kind, external } of outputs[chunk]?.imports ?? []) {
        if (kind === "import-statement" && !external) loaded.add(path);
      }
    }
    const sources = [...loaded].flatMap((chunk) => Object.keys(outputs[chunk]?.inputs ?? {}));
    expect(sources).toContain("sync/runSync.ts");
    expect(sources.filter((source) => source.includes("node_modules"))).toEqual([]);
  });

  test("installs nothing without its settings, and names the first that is wrong", () => {
    const run = () => execFileSync(process.execPath, [file, "install"], { env: {}, encoding: "utf8" });
    const failure = { status: 1, stdout: expect.stringMatching(/^planet: install failed: PLANET_BUCKET_URL /) };
    expect(run).toThrow(expect.objectContaining(failure));
  });

  test("is not needed to render: the sources pass the same self-test", () => {
    const output = execFileSync(process.execPath, [join(here, "main.ts"), "selftest"], { encoding: "utf8" });
    expect(output).toMatch(/^planet: selftest ok node=v/);
  });

  test("checks a planet.ini", () => {
    const ini = join(folder, "planet.ini");
    writeFileSync(ini, "[Planet]\nname = P\nlink = http://p/\n[http://a/]\nfilter = (\n");
    const run = () => execFileSync(process.execPath, [file, "check", ini], { encoding: "utf8" });
    expect(run).toThrow(expect.objectContaining({ status: 1, stdout: expect.stringContaining(`${ini}:5: error: `) }));
  });
});
