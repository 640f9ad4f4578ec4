import { describe, expect, test } from "@jest/globals";
import { bind } from "./binding.ts";
import { MissingField } from "./faults.ts";

const SHAPE = {
  Name: "string?",
  Count: "int?",
  Flag: "boolean?",
  Id: ["string"],
  Single: { Inner: "string?" },
  Item: [{ Key: "string?", Deep: [{ X: "string?" }] }],
  Either: { "": "boolean?", Value: "boolean?" },
} as const;

const EMPTY = { Id: [], Item: [] };

describe("bind (proves what is taken and what is refused; not the envelope)", () => {
  test.each([
    { name: "scalars", given: { Name: "a", Count: "-3", Flag: "TRUE" }, bound: { Name: "a", Count: -3, Flag: true } },
    { name: "a sign", given: { Count: "+2147483647" }, bound: { Count: 2147483647 } },
    { name: "any other word is false", given: { Flag: "yes" }, bound: { Flag: false } },
    { name: "lists with gaps, by number", given: { "Id.10": "b", "Id.2": "a" }, bound: { Id: ["a", "b"] } },
    { name: "a bare list name", given: { Id: "a" }, bound: { Id: ["a"] } },
    { name: "a single structure", given: { "Single.Inner": "x" }, bound: { Single: { Inner: "x" } } },
    {
      name: "unknown fields of a list element are dropped",
      given: { "Item.1.Key": "k", "Item.1.Foo": "x", "Item.1.Deep.3.X": "y" },
      bound: { Item: [{ Key: "k", Deep: [{ X: "y" }] }] },
    },
    { name: "both forms of one attribute", given: { Either: "true" }, bound: { Either: { "": true } } },
  ] as { name: string; given: Record<string, string>; bound: object }[])("$name", ({ given, bound }) => {
    expect(bind(SHAPE, Object.entries(given))).toEqual({ ...EMPTY, ...bound });
  });

  test.each([
    { name: "an undeclared name", given: { DryRun: "true" }, lists: "fields:\nDryRun = true" },
    { name: "an unknown field of a single structure", given: { "Single.Foo": "x" }, lists: "Single.Foo = x" },
    { name: "a malformed number, without its value", given: { Count: "three" }, lists: "fields:\nCount\n" },
    { name: "a number of more than 32 bits", given: { Count: "2147483648" }, lists: "fields:\nCount\n" },
    { name: "all offenders", given: { A: "1", B: "2" }, lists: "fields:\nA = 1\nB = 2" },
    { name: "a name of Object's", given: { constructor: "x" }, lists: "constructor = x" },
  ] as { name: string; given: Record<string, string>; lists: string }[])("$name is refused", ({ given, lists }) => {
    expect(() => bind(SHAPE, Object.entries(given))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(lists) }),
    );
  });

  test("what is required and missing is refused", () => {
    expect(() => bind({ Id: "string" }, [])).toThrow(new MissingField("Id"));
  });
});
