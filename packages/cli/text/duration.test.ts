import { expect, test } from "@jest/globals";
import { duration } from "./duration.ts";

test.each([
  [-5_000, "0 s"],
  [119_000, "119 s"],
  [600_000, "10 min"],
  [10_000_000, "3 h"],
  [200_000_000, "2 days"],
])("%s ms are %s", (ms, text) => expect(duration(ms)).toBe(text));
