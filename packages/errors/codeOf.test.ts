import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { codeOf } from "./codeOf.ts";
import { ExplainedError } from "./explainedError.ts";

const thrown = () => {
  try {
    return readFileSync("/nowhere/at/all");
  } catch (error) {
    return error;
  }
};

test.each([
  ["Node's call", thrown(), "ENOENT"],
  ["ours", new ExplainedError({ code: "BUCKET_HELD", what: "x" }), "BUCKET_HELD"],
  ["a child's end", Object.assign(new Error("x"), { code: 128 }), 128],
  ["an error without one", new Error("x"), undefined],
  ["no error", "x", undefined],
  ["nothing", undefined, undefined],
  ["null", null, undefined],
])("%s", (_, error, code) => expect(codeOf(error)).toBe(code));
