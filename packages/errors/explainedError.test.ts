import { describe, expect, test } from "@jest/globals";
import { ExplainedError, type Explanation, inLines, inOneLine } from "./explainedError.ts";

const what = "the bucket b was not made";
const why = "another account has one of that name";
const next = "Choose another planet:bucket.";

test.each<{ name: string; parts: Omit<Explanation, "code">; lines: string; line: string }>([
  { name: "what alone", parts: { what }, lines: what, line: what },
  { name: "what and why", parts: { what, why }, lines: `${what}\n${why}`, line: `${what}: ${why}` },
  { name: "what and next", parts: { what, next }, lines: `${what}\n${next}`, line: `${what}. ${next}` },
  { name: "an empty part", parts: { what, why: "", next }, lines: `${what}\n${next}`, line: `${what}. ${next}` },
  { name: "all", parts: { what, why, next }, lines: `${what}\n${why}\n${next}`, line: `${what}: ${why}. ${next}` },
])("$name, in lines and in one line", ({ parts, lines, line }) => {
  expect(inLines(parts)).toBe(lines);
  expect(inOneLine(parts)).toBe(line);
});

describe("an explained error", () => {
  class BucketError extends ExplainedError {}

  test("has code, parts, cause, the name of its class, and exit code 1 by default", () => {
    const cause = new Error("409");
    const error = new BucketError({ code: "BUCKET_TAKEN", what, why, next }, { cause });
    expect(error).toMatchObject({ name: "BucketError", code: "BUCKET_TAKEN", what, why, next, exitCode: 1, cause });
    expect(error.message).toBe(`${what}\n${why}\n${next}`);
    expect(new BucketError({ code: "USAGE", what, exitCode: 2 })).toMatchObject({ exitCode: 2, why: "", next: "" });
  });

  test("is joined as its class wants", () => {
    expect(new ExplainedError({ code: "X", what, why }, undefined, inOneLine).message).toBe(`${what}: ${why}`);
  });
});
