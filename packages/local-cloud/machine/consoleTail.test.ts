import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ConsoleTail } from "./consoleTail.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "console-"));
  file = join(folder, "i-00000001.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("it shows what was there and what is appended, also to a log that comes later", () => {
  const tail = new ConsoleTail(file);
  expect(tail.next().toString()).toBe("");
  writeFileSync(file, "one\n");
  expect(tail.next().toString()).toBe("one\n");
  expect(tail.next().toString()).toBe("");
  appendFileSync(file, "two\n");
  expect(tail.next().toString()).toBe("two\n");
});

test("one look has at most 64 KiB; of the past only the end is shown, of the new nothing is lost", () => {
  writeFileSync(file, "x".repeat(100_000));
  const tail = new ConsoleTail(file);
  expect(tail.next()).toHaveLength(65_536);
  expect(tail.next()).toHaveLength(0);
  appendFileSync(file, "y".repeat(100_000));
  expect([tail.next().length, tail.next().length, tail.next().length]).toEqual([65_536, 34_464, 0]);
});

test("a log that was cut goes on from its new end", () => {
  writeFileSync(file, "long line\n");
  const tail = new ConsoleTail(file);
  tail.next();
  writeFileSync(file, "short\n");
  expect(tail.next().toString()).toBe("");
  appendFileSync(file, "next\n");
  expect(tail.next().toString()).toBe("next\n");
});
