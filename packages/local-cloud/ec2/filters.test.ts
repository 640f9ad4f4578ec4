import { describe, expect, test } from "@jest/globals";
import { NoAnswer } from "../wire/faults.ts";
import { applyFilters } from "./filters.ts";

const ITEMS = [
  { id: "i-a", name: "web*1", size: 1 },
  { id: "i-b", name: "web2", size: 2 },
  { id: "i-c", name: "db", size: 10 },
];
const FIELDS = {
  id: ({ id }: (typeof ITEMS)[number]) => id,
  name: ({ name }: (typeof ITEMS)[number]) => [name],
  size: ({ size }: (typeof ITEMS)[number]) => size,
  never: () => undefined,
};
const filter = (Name: string, ...Value: string[]) => ({ Name, Value });

describe("filters (proves matching)", () => {
  test.each([
    { name: "values are alternatives", filters: [filter("id", "i-a", "i-c")], found: ["i-a", "i-c"] },
    { name: "names must all match", filters: [filter("id", "i-*"), filter("size", "1")], found: ["i-a"] },
    { name: "wildcards", filters: [filter("name", "web?*")], found: ["i-a", "i-b"] },
    { name: "escaped wildcards", filters: [filter("name", "web\\*1")], found: ["i-a"] },
    { name: "a dot is a dot", filters: [filter("name", "w.b2")], found: [] },
    { name: "a name without values is not looked at", filters: [filter("nonsense")], found: ["i-a", "i-b", "i-c"] },
    { name: "accepted without match", filters: [filter("never", "*")], found: [] },
  ])("$name", ({ filters, found }) => {
    expect(applyFilters(ITEMS, filters, FIELDS).map(({ id }) => id)).toEqual(found);
  });

  test("tags match by name, key and value", () => {
    const tags = (item: { id: string }) => new Map(item.id === "i-a" ? [["Name", "planet"]] : []);
    const ids = (name: string, value: string) =>
      applyFilters(ITEMS, [filter(name, value)], FIELDS, tags).map(({ id }) => id);
    expect([ids("tag:Name", "pl*"), ids("tag-key", "Name"), ids("tag-value", "planet")]).toEqual([
      ["i-a"],
      ["i-a"],
      ["i-a"],
    ]);
  });

  test("the same name twice gets no answer", () => {
    expect(() => applyFilters(ITEMS, [filter("id", "i-a"), filter("id", "i-b")], FIELDS)).toThrow(NoAnswer);
  });

  test.each(["unknown", "constructor", "tag:Name"])("%s is a 500 where it does not exist", (name) => {
    expect(() => applyFilters(ITEMS, [filter(name, "x")], FIELDS)).toThrow(expect.objectContaining({ status: 500 }));
  });
});
