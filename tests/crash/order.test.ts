import { describe, expect, test } from "@jest/globals";
import { inShard, sampled } from "./order.ts";

const ITEMS = [...Array(10).keys()].flatMap((index) => [`often-${index}`, ...(index < 2 ? [`rare-${index}`] : [])]);
const names = { idOf: (item: string) => item, stratumOf: (item: string) => item.split("-")[0] ?? "" };

describe("the order of a sample", () => {
  test("has each stratum in turn while it lasts, so that any beginning is fair", () => {
    const strata = sampled(ITEMS, "1", names).slice(0, 4).map(names.stratumOf);
    expect(strata.filter((stratum) => stratum === "rare")).toHaveLength(2);
  });

  test("is that of its seed, whatever order the items came in", () => {
    expect(sampled(ITEMS.toReversed(), "1", names)).toEqual(sampled(ITEMS, "1", names));
    expect(sampled(ITEMS, "2", names)).not.toEqual(sampled(ITEMS, "1", names));
    expect(sampled(ITEMS, "1", names).toSorted()).toEqual(ITEMS.toSorted());
  });
});

test("the parts are disjoint and all that there is", () => {
  const parts = [1, 2, 3].map((index) => inShard(ITEMS, { index, count: 3 }));
  expect(parts.flat().toSorted()).toEqual(ITEMS.toSorted());
  expect(parts.map(({ length }) => length)).toEqual([4, 4, 4]);
});
