import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { OperatorError, UsageError } from "./command.ts";

const codes = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap((file) => [...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(/\bcode: "([^"]*)"/g)])
  .map(([, code = ""]) => code);

test("each code of an error stands for one situation", () => {
  expect(codes).not.toEqual([]);
  expect(codes.filter((code, index) => codes.indexOf(code) < index)).toEqual([]);
  expect(codes.filter((code) => !/^[A-Z]+(_[A-Z]+)*$/.test(code))).toEqual([]);
});

test("wrong usage is one line and exit code 2, for the usage stands below it; a failure has a line for each part", () => {
  const parts = { code: "X", what: "It failed", why: "it is late", next: "Go home." };
  expect(new UsageError(parts)).toMatchObject({ exitCode: 2, message: "It failed: it is late. Go home." });
  expect(new OperatorError(parts)).toMatchObject({ exitCode: 1, message: "It failed\nit is late\nGo home." });
  expect(new OperatorError({ ...parts, exitCode: 3 })).toMatchObject({ exitCode: 3 });
});
