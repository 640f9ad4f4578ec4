import { describe, expect, test } from "@jest/globals";
import { completeName } from "./names.ts";

const names = { property: "name", prefix: "namePrefix" };
const facts = { name: "web", randomSeed: new Uint8Array(32).fill(1) };

describe("made-up names", () => {
  const made = completeName({}, facts, names).name as string;

  test("come from the logical name and the seed", () => {
    expect(made).toMatch(/^web-[0-9a-f]{7}$/);
    expect(completeName({}, facts, names).name).toBe(made);
    expect(completeName({}, { ...facts, randomSeed: new Uint8Array(32) }, names).name).not.toBe(made);
  });

  test.each([
    { name: "kept while the resource lives", news: {}, olds: { name: "web-0000000" }, expected: "web-0000000" },
    { name: "made anew for a replacement", news: {}, olds: undefined, expected: made },
    {
      name: "left as they are when the line of a chosen one is dropped",
      news: {},
      olds: { name: "chosen" },
      expected: "chosen",
    },
    {
      name: "made anew for another prefix",
      news: { namePrefix: "web-" },
      olds: { name: "other-0000000" },
      expected: made,
    },
    {
      name: "not made where one is chosen",
      news: { name: "chosen" },
      olds: { name: "web-0000000" },
      expected: "chosen",
    },
  ])("are $name", ({ news, olds, expected }) => {
    expect(completeName(news, { ...facts, olds }, names).name).toBe(expected);
  });
});
