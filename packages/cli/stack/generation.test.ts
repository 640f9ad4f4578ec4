import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { readGeneration, StackFileError, setGeneration, withoutGeneration } from "./generation.ts";

/** Settings as people and the CLI write them, below `config:`, each with its own key. */
const SETTINGS = [
  "planet:bucket: b # mine",
  "'planet:endpoint':   \"http://x/#y\"",
  "planet:leave:\n  - a.css\n  # why\n  - 'b.css' # and why",
  "planet:sshFrom: [\n  10.0.0.0/8,\n]",
  "planet:overwrite: {a.css: '12345678'}",
  "planet:publicKey: |\n  ssh-rsa x\n\n  # y\n",
  "planet:keyName: >-\n  my\n  key",
  "planet:address: &address 192.0.2.1",
  "planet:image:",
  "planet:secret:\n  secure: v1:x",
  "planet:allowHosts:\n- a.example",
  "? planet:region\n: eucalyptus",
  "# a comment\nplanet:settle: 60",
  "\nplanet:interval: 0x10",
];

const TOPS = ["encryptionsalt: v1:x", "# on its own\n", "secretsprovider: passphrase", "other:\n  planet:x: 9", "\n"];

const stackFile = fc
  .record({
    settings: fc.shuffledSubarray([...SETTINGS, "planet:generation: '7' # rolled"]),
    before: fc.subarray(TOPS.slice(0, 3)),
    after: fc.subarray(TOPS.slice(3)),
    indent: fc.constantFrom("  ", "    ", " "),
    newline: fc.constantFrom("\n", "\r\n"),
  })
  .map(({ settings, before, after, indent, newline }) => {
    const block = settings.map((text) => text.replaceAll(/^(?=.)/gm, indent));
    const config = settings.length === 0 ? [] : ["config:", ...block];
    return `${[...before, ...config, ...after].join("\n")}\n`.replaceAll("\n", newline);
  });

function valuesOf(text: string): unknown {
  const { config, ...others } = parse(text, { logLevel: "error" }) ?? {};
  const { "planet:generation": _, ...settings } = config ?? {};
  return { ...others, settings };
}

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
    {
      name: "keeps single quotes and what stands behind",
      before: "config: # settings\n  'generation' : '3'   # rolled twice\n",
      after: "config: # settings\n  'generation' : '4'   # rolled twice\n",
    },
    {
      name: "changes a flow map in place",
      before: "config: { planet:bucket: b, planet:generation: 3 } # short\n",
      after: "config: { planet:bucket: b, planet:generation: 4 } # short\n",
    },
    {
      name: "changes a file that is JSON",
      before: '{\n\t"config": {"planet:generation": 3, "planet:bucket": "b"}\n}',
      after: '{\n\t"config": {"planet:generation": 4, "planet:bucket": "b"}\n}',
    },
    {
      name: "keeps the anchor of the number",
      before: "config:\n  planet:generation: &now 3\n",
      after: "config:\n  planet:generation: &now 4\n",
    },
    {
      name: "puts a number in the place of an alias",
      before: "config:\n  planet:settle: &three 3\n  planet:generation: *three\n",
      after: "config:\n  planet:settle: &three 3\n  planet:generation: 4\n",
    },
    {
      name: "fills an empty map that has an anchor and a comment",
      before: "config: &mine {} # none yet\n",
      after: "config: &mine # none yet\n  planet:generation: 4\n",
    },
    { name: "fills a null", before: "config: ~\nx: 1\n", after: "config:\n  planet:generation: 4\nx: 1\n" },
    {
      name: "fills an empty block with comments",
      before: "config: # settings\n  # none yet\nx: 1\n",
      after: "config: # settings\n  planet:generation: 4\n  # none yet\nx: 1\n",
    },
    {
      name: "adds behind a literal text, whose blank lines belong to it",
      before: "config:\n  planet:publicKey: |+\n    # no comment\n\nx: 1\n",
      after: "config:\n  planet:publicKey: |+\n    # no comment\n\n  planet:generation: 4\nx: 1\n",
    },
    {
      name: "adds behind flow maps and quoted texts of several lines",
      before: 'config:\n  planet:overwrite: {\n    a.css: "1",\n  } # both\n# the end\n',
      after: 'config:\n  planet:overwrite: {\n    a.css: "1",\n  } # both\n  planet:generation: 4\n# the end\n',
    },
    {
      name: "adds to settings that take others in",
      before: "base: &base {planet:bucket: b}\nconfig:\n  <<: *base\n",
      after: "base: &base {planet:bucket: b}\nconfig:\n  <<: *base\n  planet:generation: 4\n",
    },
    {
      name: "adds inside the document",
      before: "%YAML 1.2\n---\nconfig:\n  a: b\n...\n",
      after: "%YAML 1.2\n---\nconfig:\n  a: b\n  planet:generation: 4\n...\n",
    },
    {
      name: "adds the settings with the file's own line ends",
      before: "\ufeffencryptionsalt: x\r\n",
      after: "\ufeffencryptionsalt: x\r\nconfig:\r\n  planet:generation: 4\r\n",
    },
    {
      name: "changes a number that is written as a block",
      before: "config:\n  planet:generation: >-\n    3\n  a: b\n",
      after: "config:\n  planet:generation: 4\n  a: b\n",
    },
    { name: "adds below comments alone", before: "# mine", after: "# mine\nconfig:\n  planet:generation: 4\n" },
  ])("$name", ({ before, after }) => {
    expect(setGeneration(before, 4)).toBe(after);
    expect(readGeneration(after)).toBe(4);
    expect(setGeneration(after, 4)).toBe(after);
    expect(withoutGeneration(setGeneration(before, 7))).toBe(withoutGeneration(after));
  });

  test.each([
    "config: {planet:bucket: b}\n",
    "config:\n  planet:generation: two\n",
    "config:\n  planet:generation: 1.5\n",
    "config:\n  planet:generation:\n",
    "config:\n  planet:generation: {secure: v1:x}\n",
    "config: [planet:bucket]\n",
    "{encryptionsalt: x}\n",
    "- config\n",
    "a: 1\n...\n",
    "config:\n  planet:generation: &now 3\n  planet:settle: *now\n",
    "config:\n  planet:bucket: *nobody\n",
    "config:\n  a: 1\n  a: 2\n",
    "config:\n\ta: 1\n",
    "config: {}\n---\nconfig: {}\n",
  ])("refuses %j", (text) => {
    expect(() => setGeneration(text, 4)).toThrow(StackFileError);
    expect(withoutGeneration(text)).toBe(withoutGeneration(withoutGeneration(text)));
  });

  test("loses nothing of a file, whatever it is put together from", () => {
    fc.assert(
      fc.property(stackFile, fc.integer({ min: 1, max: 1_000 }), (before, generation) => {
        const after = setGeneration(before, generation);
        expect(readGeneration(after)).toBe(generation);
        expect(valuesOf(after)).toEqual(valuesOf(before));
        expect(withoutGeneration(after)).toBe(withoutGeneration(setGeneration(before, generation + 1)));
        const kept = before.split("\n").filter((line) => !/generation/.test(line));
        const lines = after.split("\n").filter((line) => !/generation/.test(line));
        // The settings themselves may be new.
        expect(lines.filter((line) => !/^config:\r?$/.test(line) || kept.includes(line))).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });

  test("is 1 where nothing says otherwise", () => {
    expect(readGeneration("config:\n  planet:bucket: b\n")).toBe(1);
  });
});
