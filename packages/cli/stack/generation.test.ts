import { describe, expect, test } from "@jest/globals";
import { readGeneration, StackFileError, setGeneration, withoutGeneration } from "./generation.ts";

describe("setGeneration (proves which bytes change; not that Pulumi reads them)", () => {
  test.each([
    {
      name: "changes the number alone",
      before: "# mine\nconfig:\n  planet:generation: 3 # rolled\n  planet:bucket: b\n",
      after: "# mine\nconfig:\n  planet:generation: 4 # rolled\n  planet:bucket: b\n",
    },
    {
      name: "keeps quotes, indentation and line ends",
      before: 'config:\r\n    "planet:generation":  "3"\r\n    planet:bucket: b\r\n',
      after: 'config:\r\n    "planet:generation":  "4"\r\n    planet:bucket: b\r\n',
    },
    {
      name: "knows the key without its namespace",
      before: "config:\n  generation: 3\n",
      after: "config:\n  generation: 4\n",
    },
    {
      name: "adds a line after the last setting, lists included",
      before: "config:\n    planet:leave:\n        - a.css\n\n# the end\nencryptionsalt: v1:x\n",
      after:
        "config:\n    planet:leave:\n        - a.css\n    planet:generation: 4\n\n# the end\nencryptionsalt: v1:x\n",
    },
    {
      name: "is not misled by an equal word elsewhere",
      before: "other:\n  planet:generation: 9\nconfig:\n  planet:bucket: b\n",
      after: "other:\n  planet:generation: 9\nconfig:\n  planet:bucket: b\n  planet:generation: 4\n",
    },
    {
      name: "works at the end without a line end",
      before: "config:\n  a: b",
      after: "config:\n  a: b\n  planet:generation: 4",
    },
    { name: "fills an empty map", before: "config: {}\n", after: "config:\n  planet:generation: 4\n" },
    { name: "fills an empty block", before: "config:\n", after: "config:\n  planet:generation: 4\n" },
    {
      name: "makes the settings",
      before: "encryptionsalt: x",
      after: "encryptionsalt: x\nconfig:\n  planet:generation: 4\n",
    },
    { name: "makes the file", before: "", after: "config:\n  planet:generation: 4\n" },
  ])("$name", ({ before, after }) => {
    expect(setGeneration(before, 4)).toBe(after);
    expect(readGeneration(after)).toBe(4);
    expect(setGeneration(after, 4)).toBe(after);
    expect(withoutGeneration(setGeneration(before, 7))).toBe(withoutGeneration(after));
  });

  test.each(["config: {planet:bucket: b}\n", "config:\n  planet:generation: two\n"])("refuses %j", (text) => {
    expect(() => setGeneration(text, 4)).toThrow(StackFileError);
  });

  test("is 1 where nothing says otherwise", () => {
    expect(readGeneration("config:\n  planet:bucket: b\n")).toBe(1);
  });
});
