import { describe, expect, test } from "@jest/globals";
import { differences, topLevelName } from "./differences.ts";
import { Asset, type Inputs, Secret, UNKNOWN } from "./values.ts";

describe("differences between two sets of inputs", () => {
  test.each<[string, Inputs, Inputs, Record<string, string>]>([
    ["nothing", { a: 1, b: { c: ["d"] } }, { b: { c: ["d"] }, a: 1 }, {}],
    [
      "a changed map entry",
      { tags: { Name: "a", x: "1" } },
      { tags: { Name: "b", x: "1" } },
      { "tags.Name": "update" },
    ],
    ["list items by index", { t: ["a", "b"] }, { t: ["c"] }, { "t[0]": "update", "t[1]": "delete" }],
    ["a property that comes", {}, { userData: "x" }, { userData: "add" }],
    ["a key that needs quotes", { t: { 'a."b': 1 } }, { t: { 'a."b': 2 } }, { 't["a.\\"b"]': "update" }],
    ["secrecy alone", { k: "s", l: [1] }, { k: new Secret("s"), l: [new Secret(1)] }, {}],
    ["a null that comes", {}, { k: null }, { k: "add" }],
    ["unknown against known", { ami: "emi-1" }, { ami: UNKNOWN }, { ami: "update" }],
    ["unknown against unknown", { ami: UNKNOWN }, { ami: UNKNOWN }, { ami: "update" }],
    ["another kind of value", { a: ["b"] }, { a: { b: "c" } }, { a: "update" }],
    [
      "an asset by its hash alone",
      { source: new Asset({ hash: "1" }), other: new Asset({ hash: "1" }) },
      { source: new Asset({ hash: "1", path: "a" }), other: new Asset({ hash: "2", path: "a" }) },
      { other: "update" },
    ],
  ])("%s", (_name, olds, news, expected) => {
    expect(differences(olds, news)).toEqual(expected);
  });

  test.each([
    ["tags.Name", "tags"],
    ["triggers[0]", "triggers"],
    ['["a.b"][1]', "a.b"],
    ["ami", "ami"],
  ])("%s belongs to %s", (path, name) => {
    expect(topLevelName(path)).toBe(name);
  });
});
