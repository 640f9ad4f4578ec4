import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { usageOf } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { parseOptions } from "./options.ts";
import { completionPlaces } from "./verbs/completion/completionTree.ts";

const context = {
  checkout: "/nowhere",
  shownNotices: new Set<string>(),
  environment: {},
  out: () => {},
  err: () => {},
};
const command = (name: string) => COMMANDS.find((each) => each.name === name);

const ACTIONS = COMMANDS.flatMap((each) =>
  Object.entries(each.actions).map(([verb, action]) => ({
    ...{ command: each, action },
    call: ["planet", each.name, verb].filter((word) => word !== "").join(" "),
  })),
);

/** The options in the line that `--help` has for one call, as somebody who reads it would type them. */
function shown(usage: string, call: string): string[][] {
  const line = usage.split("\n").find((each) => `${each.trim()} `.startsWith(`${call} `)) ?? "";
  return [...line.matchAll(/\[(--(?:\[no-\])?[\w-]+)(?: <[^>]+>)?\]/g)].flatMap(([whole, option = ""]) => {
    const plain = option.replace("[no-]", "");
    if (option !== plain) return [[plain], [plain.replace("--", "--no-")]];
    return [whole.includes("<") ? [plain, "value"] : [plain]];
  });
}

describe("options (proves that help and parser agree; not what a verb does with a value)", () => {
  test.each(ACTIONS)("$call: what --help shows is accepted, and nothing else is", async ({ command, action, call }) => {
    const options = shown(usageOf(command), call);
    const names = options.map(([option = ""]) => option.replace(/^--(no-)?/, ""));
    expect([...new Set(names)]).toEqual(Object.keys(action.options));
    for (const argv of options) expect(() => parseOptions(argv, action.options, false)).not.toThrow();
    const hasPositionals = action.positionals !== undefined;
    expect(usageOf(command)).toContain(hasPositionals ? `${call} ${action.positionals}` : call);
    await expect(action.run(["--nonsense"], context)).rejects.toMatchObject({ code: "WRONG_OPTION" });
    if (!hasPositionals) await expect(action.run(["word"], context)).rejects.toMatchObject({ code: "WRONG_OPTION" });
  });

  test.each(ACTIONS)("$call: each option has a line of help", ({ command, action }) => {
    for (const [name, { help }] of Object.entries(action.options)) {
      expect(usageOf(command)).toMatch(new RegExp(`^ {2}--(\\[no-\\])?${name}\\b.*   \\S`, "m"));
      expect(usageOf(command)).toContain(help);
    }
  });

  test("no verb parses by itself", () => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
    const parsing = files
      .filter((name) => name.endsWith(".ts") && name !== "commands.test.ts")
      .filter((name) => readFileSync(join(import.meta.dirname, name), "utf8").includes("parseArgs("));
    expect(parsing).toEqual(["options.ts"]);
  });

  test("a flag is false, a setting its default, where it is not given", () => {
    const table = {
      yes: { type: "boolean", help: "" },
      cut: { type: "boolean", help: "", hasOpposite: true },
      stack: { type: "string", value: "stack", default: "", help: "" },
      to: { type: "string", value: "update", help: "" },
    } as const;
    expect(parseOptions([], table, false).values).toEqual({ yes: false, stack: "" });
    expect(parseOptions(["--no-cut", "--to=1", "--yes"], table, false).values).toEqual({
      ...{ yes: true, cut: false, stack: "", to: "1" },
    });
  });
});

test.each([
  ["cloud fault", "which of fault list, fault set, fault clear?"],
  ["feeds", "which of add, remove, list, check, import, export, pull?"],
  ["cloud", "which of start, stop, status, console, logs, ssh, image, reset, fault list, fault set, fault clear?"],
])("planet %s alone is answered by its verbs", async (call, words) => {
  const [name = "", ...argv] = call.split(" ");
  await expect(command(name)?.run(argv, context)).rejects.toMatchObject({ code: "NO_ACTION", message: words });
});

async function script(shell: string): Promise<string> {
  const out: string[] = [];
  await command("completion")?.run([shell], { ...context, out: (text) => void out.push(text) });
  return out.join("");
}

/** What bash offers for the last of these words. */
async function completed(...words: string[]): Promise<string[]> {
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _planet; echo "\${COMPREPLY[*]}"`;
  const answer = execFileSync("bash", ["-c", `${await script("bash")}\n${call}`, "bash", ...words], {
    encoding: "utf8",
  });
  return answer.trim().split(" ").filter(Boolean);
}

describe("planet completion (proves bash by bash; of zsh and fish that they have the same words)", () => {
  test("bash completes verbs, actions, options and stacks, behind planet and npx planet", async () => {
    expect(await completed("planet", "stat")).toEqual(["status"]);
    expect(await completed("npx", "planet", "feeds", "p")).toEqual(["pull"]);
    expect(await completed("planet", "feeds", "add", "--s")).toEqual(["--stack"]);
    expect(await completed("planet", "cloud", "start", "--no")).toEqual(["--no-cut-on-move"]);
    expect(await completed("planet", "status", "--stack", "")).toEqual(["local", "prod"]);
    expect(await completed("planet", "cloud", "fa")).toEqual(["fault"]);
    expect(await completed("planet", "cloud", "fault", "")).toEqual(["list", "set", "clear"]);
    expect(await completed("planet", "cloud", "fault", "set", "--t")).toEqual(["--times"]);
    expect(await completed("planet", "completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("bash completes the names of faults and images, and values that are a list", async () => {
    expect(await completed("planet", "cloud", "fault", "set", "cl")).toEqual(["clock-skew"]);
    expect(await completed("planet", "cloud", "fault", "clear", "a")).toContain("all");
    expect(await completed("planet", "cloud", "image", "debian-12")).toContain("debian-12-cloud-init");
    expect(await completed("planet", "cloud", "start", "--mode", "")).toEqual(["edge", "vpc"]);
    expect(await completed("planet", "cloud", "start", "--version", "5")).toEqual(["5.1"]);
    expect(await completed("planet", "cloud", "start", "--mode", "edge", "--dr")).toEqual(["--driver"]);
  });

  test("another program behind npx is left to the shell", async () => {
    expect(await completed("npx", "other", "")).toEqual([]);
    expect(await completed("npx", "pla")).toEqual([]);
  });

  test.each(["zsh", "fish"])("%s has every verb, action and option with its help", async (shell) => {
    const text = (await script(shell)).replaceAll("'\\''", "'").replaceAll("\\:", ":");
    for (const { words } of completionPlaces(COMMANDS)) {
      for (const { word, help } of words)
        expect(text).toContain(shell === "zsh" ? `${word}:${help}` : `'${word}' '${help}'`);
    }
  });

  test.each(["", "tcsh", "toString"])("%j is no shell of ours", async (shell) => {
    await expect(script(shell)).rejects.toMatchObject({ code: "UNKNOWN_SHELL" });
  });
});
