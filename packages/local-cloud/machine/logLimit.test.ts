import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { limitLogs } from "./logLimit.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a log that has grown too long keeps its last lines, and its writer goes on behind them", () => {
  const file = join(folder, "i-1.log");
  const writer = openSync(file, "a");
  for (let line = 0; line < 100; line++) writeSync(writer, `line ${line}\n`);
  limitLogs(folder, 30);
  writeSync(writer, "after\n");
  closeSync(writer);
  expect(readFileSync(file, "utf8")).toBe("line 97\nline 98\nline 99\nafter\n");
});

test("a log below twice the limit, and another file, stay as they are", () => {
  appendFileSync(join(folder, "short.log"), "x\n".repeat(29));
  appendFileSync(join(folder, "other.json"), "x\n".repeat(100));
  limitLogs(folder, 30);
  expect(readFileSync(join(folder, "short.log"))).toHaveLength(58);
  expect(readFileSync(join(folder, "other.json"))).toHaveLength(200);
});
