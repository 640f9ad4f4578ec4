import { describe, expect, test } from "@jest/globals";
import { median, ratioOf, reportText } from "./report.ts";

const cost = (seconds: number) => ({ wallMs: seconds * 1_000, cpuMs: seconds * 500, peakBytes: seconds * 100_000_000 });

describe("the report of the benchmark (proves the arithmetic; not the figures)", () => {
  test.each([
    { name: "an odd number: the middle one", values: [9, 1, 2], expected: 2 },
    { name: "an even number: the mean of the two in the middle", values: [4, 1, 3, 100], expected: 3.5 },
  ])("median, $name", ({ values, expected }) => expect(median(values)).toBe(expected));

  test("a ratio is of neighbouring runs, so that a busy minute falls on both", () => {
    expect(ratioOf([1, 10, 1], [4, 40, 4])).toBe(0.25);
    expect(ratioOf([1], [])).toBeUndefined();
  });

  test("says for each quantity whether the goal holds", () => {
    const text = reportText([{ name: "a preview", ours: [cost(1)], theirs: [cost(4)] }]);
    expect(text.match(/goal met/g)).toHaveLength(3);
    const missed = reportText([{ name: "a preview", ours: [cost(1.1)], theirs: [cost(4)] }]);
    expect(missed.match(/goal missed/g)).toHaveLength(3);
  });

  test("without Terraform there are our own figures and no verdict", () => {
    const text = reportText([{ name: "a preview", ours: [cost(1)], theirs: [] }]);
    expect(text).toContain("wall time      1.00 s");
    expect(text).not.toContain("goal");
  });
});
