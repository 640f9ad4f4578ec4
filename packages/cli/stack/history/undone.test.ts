import { describe, expect, test } from "@jest/globals";
import type { Git } from "../../git.ts";
import { fakeGit } from "../../testing/fakeGit.ts";
import { restoreCommand, undoneFiles } from "./undone.ts";

/** Commits by what their files hold. */
const COMMITS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  good: { "site/planet.ini": "good", "index.ts": "1", "Pulumi.prod.yaml": "config:\n  planet:generation: 1\n" },
  bad: {
    "site/planet.ini": "bad",
    "index.ts": "1",
    "docs/a.md": "x",
    "Pulumi.prod.yaml": "config:\n  planet:generation: 2\n  planet:permit: 2\n",
  },
  later: { "site/planet.ini": "bad", "index.ts": "2", "Pulumi.prod.yaml": "config:\n  planet:generation: 2\n" },
  reverted: { "site/planet.ini": "good", "index.ts": "2", "Pulumi.prod.yaml": "config:\n  planet:generation: 2\n" },
  otherwise: { "site/planet.ini": "better", "index.ts": "1", "Pulumi.prod.yaml": "config:\n  planet:generation: 2\n" },
};

const git = fakeGit({
  has: async (commit: string) => commit in COMMITS,
  show: async (commit: string, file: string) => COMMITS[commit]?.[file],
  differing: async (one: string, other: string) => {
    const [before, after] = [COMMITS[one] ?? {}, COMMITS[other] ?? {}];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]);
  },
});

describe("undoneFiles", () => {
  test.each([
    ["the commit that was left", "bad", ["site/planet.ini"]],
    ["a commit on top of it", "later", ["site/planet.ini"]],
    ["a revert", "reverted", []],
    ["a better change of the same file", "otherwise", []],
    ["what is served", "good", []],
  ])("%s", async (_, head, files) => {
    expect(await undoneFiles(head, { stack: "prod", served: "good", left: ["bad", "gone"] }, git)).toEqual(files);
  });

  test("another stack's settings are not deployed", async () => {
    const other = fakeGit({ differing: async (one, to) => (one === to ? [] : ["Pulumi.x.yaml"]) });
    expect(await undoneFiles("bad", { stack: "prod", served: "good", left: ["bad"] }, other)).toEqual([]);
  });

  test("a settings file counts with more than its generation", async () => {
    const settingsDiffer: Git = {
      ...git,
      differing: async (one, other) => (one === other ? [] : ["Pulumi.prod.yaml"]),
      show: async (commit) => `config:\n  planet:interval: ${commit === "bad" ? 9 : 300}\n`,
    };
    expect(await undoneFiles("bad", { stack: "prod", served: "good", left: ["bad"] }, settingsDiffer)).toEqual([
      "Pulumi.prod.yaml",
    ]);
  });

  test("the way back names these files alone", () => {
    expect(restoreCommand("a".repeat(40), ["site/planet.ini"])).toBe(
      "git restore --source aaaaaaaa --staged --worktree site/planet.ini",
    );
  });
});
