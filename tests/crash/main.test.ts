import { expect, test } from "@jest/globals";
import { readOptions } from "./main.ts";

test("without options the whole crash suite runs", () => {
  expect(readOptions([])).toMatchObject({ suite: "crash", shard: { index: 1, count: 1 }, seed: "1", filter: "" });
});

test("a part is i of n", () => {
  expect(readOptions(["--suite", "faults", "--shard", "2/8"])).toMatchObject({
    suite: "faults",
    shard: { index: 2, count: 8 },
  });
});

test.each([
  ["--suite", "all"],
  ["--shard", "9/8"],
  ["--shard", "0/8"],
  ["--shard", "1"],
  ["--minutes", "soon"],
])("%s %s is refused", (...args) => {
  expect(() => readOptions(args)).toThrow(RangeError);
});
