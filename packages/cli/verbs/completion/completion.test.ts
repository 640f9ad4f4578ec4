import { execFileSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { COMMANDS } from "../../commands.ts";
import { createCompletionCommand } from "./completionCommand.ts";
import { completionPlaces } from "./completionTree.ts";

async function script(shell: string): Promise<string> {
  const out: string[] = [];
  const context = { checkout: "/", environment: {}, shownNotices: new Set<string>(), err: () => {} };
  await createCompletionCommand(COMMANDS).run([shell], { ...context, out: (text) => void out.push(text) });
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
    expect(await completed("planet", "completion", "")).toEqual([]);
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
