import { expect, test } from "@jest/globals";
import { withoutRefresh, withRefresh } from "./refreshOption.ts";

const PLAIN = "name: planet\nruntime:\n  options:\n    typescript: false\nconfig:\n  a: 1\n";
const LOOKING = "name: planet\noptions:\n  # why\n  refresh: always\n\nruntime: nodejs\n";

test("the engine's look is taken out, and nothing else", () => {
  expect(withoutRefresh(PLAIN)).toBe(PLAIN);
  expect(withoutRefresh(LOOKING)).toBe("name: planet\nruntime: nodejs\n");
  expect(withoutRefresh(withRefresh(PLAIN))).toBe(PLAIN);
});

test("the engine's look is there once", () => {
  expect(withRefresh(PLAIN)).toBe(`${PLAIN}options:\n  refresh: always\n`);
  expect(withRefresh(withRefresh(PLAIN))).toBe(withRefresh(PLAIN));
});
