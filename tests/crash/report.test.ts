import { expect, test } from "@jest/globals";
import type { Verdict } from "./outcome.ts";
import { describeFailures, latest, tableOf } from "./report.ts";
import type { Result } from "./results.ts";

const result = (id: string, verdict: Verdict, complaints: string[] = []): Result => {
  return { id, suite: "crash", mode: "vpc", scenario: "first", verdict, complaints, seconds: 1 };
};

test("the last result of a point counts", () => {
  expect(latest([result("a", "failed"), result("b", "well"), result("a", "well")])).toEqual([
    result("a", "well"),
    result("b", "well"),
  ]);
});

test("what is the same as another point has that one's last outcome", () => {
  const same: Result = { ...result("b", "failed", ["as a was"]), sameAs: "a" };
  expect(latest([result("a", "failed", ["as a was"]), same, result("a", "well")])).toEqual([
    result("a", "well"),
    { ...same, verdict: "well", complaints: [] },
  ]);
});

test("the table counts points by command and outcome, and how many of them were tried", () => {
  const other: Result = { ...result("c", "leftover"), scenario: "destroy" };
  const same: Result = { ...result("d", "well"), sameAs: "a" };
  expect(tableOf([result("a", "well"), result("b", "failed"), other, same])).toBe(
    [
      "| suite, mode, command | points | tried | well | leftover | not reached | failed |",
      "|---|---|---|---|---|---|---|",
      "| crash, vpc, destroy | 1 | 1 | 0 | 1 | 0 | 0 |",
      "| crash, vpc, first | 3 | 2 | 2 | 0 | 0 | 1 |",
      "| all | 4 | 3 | 2 | 1 | 0 | 1 |",
      "",
    ].join("\n"),
  );
});

test("a failure comes with the command that repeats it, safe for a shell", () => {
  expect(describeFailures([result("it's,one", "failed", ["first\nmore", "second"]), result("b", "well")])).toBe(
    [
      "FAILED it's,one",
      "  - first",
      "    more",
      "  - second",
      "    repeat: npm run test:crash -- --suite crash --filter 'it'\\''s,one'",
      "",
    ].join("\n"),
  );
});
