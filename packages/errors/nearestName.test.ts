import { expect, test } from "@jest/globals";
import { byNearness, nearestName } from "./nearestName.ts";

test.each([
  { name: "one letter is missing", word: "instanceTyp", names: ["instanceType", "image"], nearest: "instanceType" },
  { name: "one letter is too many", word: "nname", names: ["name", "link"], nearest: "name" },
  { name: "one letter is another", word: "m1.smell", names: ["m1.large", "m1.small"], nearest: "m1.small" },
  { name: "two letters changed places", word: "buckte", names: ["bucket"], nearest: "bucket" },
  { name: "only the capitals differ", word: "KEYNAME", names: ["image", "keyName"], nearest: "keyName" },
  { name: "a tie goes to the first", word: "cat", names: ["bat", "hat"], nearest: "bat" },
  { name: "three errors are the most", word: "instance", names: ["instanceTypes"], nearest: undefined },
  { name: "half of a short word is not meant", word: "dns", names: ["any"], nearest: undefined },
  {
    name: "neighbours that changed places are one error",
    word: "stauts",
    names: ["start", "status"],
    nearest: "status",
  },
  { name: "a limit is kept", word: "nane", names: ["name"], limit: 0, nearest: undefined },
  { name: "a limit is enough", word: "nane", names: ["name"], limit: 1, nearest: "name" },
  { name: "a letter of two code units counts once", word: "ab", names: ["a😀b"], limit: 1, nearest: "a😀b" },
  { name: "there is nothing to mean", word: "name", names: [], nearest: undefined },
])("$name", ({ word, names, limit, nearest }) => {
  expect(nearestName(word, new Set(names), limit)).toBe(nearest);
});

test("all names are sorted by their typos, and equal ones stay in their order", () => {
  expect(byNearness("m1.smal", ["c1.medium", "m1.large", "m1.small", "m1.smale"])).toEqual([
    ...["m1.small", "m1.smale"],
    ...["m1.large", "c1.medium"],
  ]);
});
