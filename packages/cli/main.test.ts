import { describe, expect, test } from "@jest/globals";
import { readCall } from "./call.ts";
import { COMMANDS } from "./commands.ts";

const read = (...words: string[]) => readCall(words, COMMANDS, "1.2.3");

describe("readCall (proves what the words of a command line ask for; not what a verb does)", () => {
  test("a verb gets the words behind it", () => {
    expect(read("feeds", "list", "--json")).toMatchObject({ command: { name: "feeds" }, argv: ["list", "--json"] });
  });

  test.each([[["--version"]], [["-V"]], [["version"]]])("%j prints the version", (words) => {
    expect(read(...words)).toEqual({ text: "planet 1.2.3\n", exitCode: 0 });
  });

  test("nothing at all is wrong usage with the help; asked for, help is no mistake", () => {
    expect(read()).toEqual({ text: expect.stringContaining("  status "), exitCode: 2 });
    for (const word of ["help", "--help", "-h"]) expect(read(word)).toMatchObject({ exitCode: 0 });
  });

  test.each([[["help", "roll"]], [["roll", "--help"]], [["--help", "roll"]], [["roll", "--json", "-h"]]])(
    "%j shows how that verb is used",
    (words) => expect(read(...words)).toEqual({ text: expect.stringContaining("Usage: planet roll"), exitCode: 0 }),
  );

  test.each([[["cloud", "fault", "set", "--help"]], [["help", "cloud", "fault", "set"]]])(
    "%j shows that action alone, and where the rest is",
    (words) => {
      const { text = "" } = read(...words) as { text?: string };
      expect(text).toMatch(/^Start, stop[^\n]*\n\nUsage: planet cloud fault set <fault> \[name\] /);
      expect(text).not.toMatch(/cloud start|--mode/);
      expect(text).toContain("`planet help cloud` shows all of it.");
      expect(text.split("\n").length).toBeLessThan(15);
    },
  );

  test("a slip of the finger is answered with what was probably meant, in two lines", () => {
    for (const words of [["statsu"], ["help", "statsu"], ["statsu", "--help"]]) {
      const text = expect.stringMatching(
        /^planet: there is no verb "statsu"\.\nDid you mean `planet status`\?[^\n]*\n$/,
      );
      expect(read(...words)).toEqual({ text, exitCode: 2 });
    }
    expect(read("frobnicate")).toEqual({ text: expect.stringContaining("  status "), exitCode: 2 });
  });
});

test("a mistyped option or action is answered with what was probably meant", async () => {
  const context = {
    checkout: "/nowhere",
    shownNotices: new Set<string>(),
    environment: {},
    out: () => {},
    err: () => {},
  };
  const run = (name: string, ...argv: string[]) => COMMANDS.find((each) => each.name === name)?.run(argv, context);
  await expect(run("preview", "--refesh")).rejects.toMatchObject({
    code: "WRONG_OPTION",
    next: "Did you mean --refresh?",
  });
  await expect(run("feeds", "lst")).rejects.toMatchObject({
    ...{ code: "UNKNOWN_ACTION", next: "Did you mean `planet feeds list`?" },
  });
});
