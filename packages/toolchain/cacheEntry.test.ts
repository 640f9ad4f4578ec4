import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ensureEntry } from "./cacheEntry.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "planet-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const drop = () => undefined;
const put = (text: string) => (partial: string) => writeFile(path.join(partial, "file"), text);

describe("a folder that is made once", () => {
  test("of two runs at once, one makes it and both have it", async () => {
    const entry = path.join(folder, "entry");
    let made = 0;
    const make = async (partial: string) => {
      made++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      await put("whole")(partial);
    };
    await Promise.all([ensureEntry(entry, make, drop), ensureEntry(entry, make, drop)]);
    expect(made).toBe(1);
    expect(await readdir(folder)).toEqual(["entry"]);
  });

  test("a failure leaves no entry and no lock, and the next run goes on with what there was", async () => {
    const entry = path.join(folder, "entry");
    const fail = async (partial: string) => {
      await put("half")(partial);
      throw new Error("no network");
    };
    await expect(ensureEntry(entry, fail, drop)).rejects.toThrow("no network");
    expect(await readdir(folder)).toEqual(["entry.partial"]);
    await ensureEntry(
      entry,
      async (partial) => expect(await readFile(path.join(partial, "file"), "utf8")).toBe("half"),
      drop,
    );
    expect(await readdir(folder)).toEqual(["entry"]);
  });

  test.each([
    ["whose process is gone", { host: hostname(), pid: 2 ** 22 + 1 }, 0],
    ["that nobody touched for a minute", { host: "elsewhere", pid: 1 }, 61],
  ])("a lock %s is taken over", async (_name, holder, ageSeconds) => {
    const entry = path.join(folder, "entry");
    writeFileSync(`${entry}.lock`, JSON.stringify(holder));
    const then = Date.now() / 1000 - ageSeconds;
    utimesSync(`${entry}.lock`, then, then);
    await ensureEntry(entry, put("mine"), drop);
    expect(await readdir(folder)).toEqual(["entry"]);
  });
});
