import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { changeOverwrites } from "./overwrites.ts";
import { StackFileError } from "./yamlFile.ts";

const LOCAL = readFileSync("Pulumi.local.yaml", "utf8");

describe("changeOverwrites (proves which bytes change; not that Pulumi reads them)", () => {
  test("an entry comes and goes, and not a byte of the rest changes", () => {
    const set = changeOverwrites(LOCAL, { "planet.ini": "12345678" });
    expect(set).toBe(`${LOCAL}  planet:overwrite:\n    planet.ini: "12345678"\n`);
    expect(changeOverwrites(set, { "planet.ini": undefined })).toBe(LOCAL);
  });

  test.each([
    ["an empty file", "", 'config:\n  planet:overwrite:\n    a.css: "1234e567"\n'],
    ["empty settings", "config:\n", 'config:\n  planet:overwrite:\n    a.css: "1234e567"\n'],
    [
      "other entries, and the key without its namespace",
      "config:\n  overwrite:\n    a.css: '00000000'\n    b.css: '12345678'\n  planet:interval: 10\n",
      "config:\n  overwrite:\n    a.css: \"1234e567\"\n    b.css: '12345678'\n  planet:interval: 10\n",
    ],
  ])("%s", (_, before, after) => expect(changeOverwrites(before, { "a.css": "1234e567" })).toBe(after));

  test.each(["a: [", "config: {}\n---\nconfig: {}\n", "config:\n  overwrite: *nobody\n"])("refuses %j", (text) => {
    expect(() => changeOverwrites(text, { "a.css": "12345678" })).toThrow(StackFileError);
  });
});
