import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { update } from "../../stack/history/testing/testUpdates.ts";
import { absoluteEnvironment, raisedFile } from "./prepareWorktree.ts";
import { listUpdates, nextSteps, revertReminder } from "./texts.ts";
import { withProvider } from "./todaysProvider.ts";

describe("the stack's file of a rollback", () => {
  const program = readFileSync("Pulumi.yaml", "utf8");
  const raised = (text: string, project = program) =>
    raisedFile(text, { program: project, kept: { generation: 4, permit: 2 }, name: "Pulumi.prod.yaml" });

  test("has generation and permit of today", () => {
    expect(raised("config:\n  planet:bucket: b\n")).toBe(
      "config:\n  planet:bucket: b\n  planet:generation: 4\n  planet:permit: 2\n",
    );
  });

  test("keeps what is higher", () => {
    const higher = "config:\n  planet:generation: 9\n  planet:permit: 9\n";
    expect(raised(higher)).toBe(higher);
  });

  test("has no permit where the commit's program does not know it: it would refuse the deploy", () => {
    const before = program.replace("  planet:permit:\n", "");
    expect(raised("config:\n  planet:bucket: b\n", before)).toBe(
      "config:\n  planet:bucket: b\n  planet:generation: 4\n",
    );
  });
});

describe("withProvider", () => {
  const text = (path: string) =>
    `name: planet\nplugins:\n  providers:\n    # why\n    - name: aws\n      path: ${path}\n    - name: other\n      path: ./x\nconfig: {}\n`;

  test("changes the folder of aws alone", () => {
    expect(withProvider(text("./packages/eucalyptus-provider/bin # ours"), "/home/me/a planet/bin")).toBe(
      text('"/home/me/a planet/bin" # ours'),
    );
  });

  test.each([
    ["plugins: {providers: [{path: 'x', name: \"aws\"}]}", 'plugins: {providers: [{path: "/bin", name: "aws"}]}'],
    [
      "plugins:\r\n  providers:\r\n  -\r\n    path: x\r\n    name: aws\r\n",
      'plugins:\r\n  providers:\r\n  -\r\n    path: "/bin"\r\n    name: aws\r\n',
    ],
    [
      "plugins:\n  providers:\n    - name: aws # - path: y\n      # path: z\n      path: >-\n        x\nconfig: {}\n",
      'plugins:\n  providers:\n    - name: aws # - path: y\n      # path: z\n      path: "/bin"\nconfig: {}\n',
    ],
  ])("knows %j", (before, after) => expect(withProvider(before, "/bin")).toBe(after));

  test.each([
    "name: planet\n",
    "plugins:\n  providers:\n    - name: aws\n    - name: other\n      path: ./x\n",
    "plugins:\n  providers:\n    - name: aws\n      path:\n",
    "plugins:\n  languages:\n    - name: aws\n      path: ./x\n",
    "plugins: 'broken\n",
    "",
  ])("finds nothing in %j", (other) => expect(withProvider(other, "/bin")).toBeUndefined());
});

describe("absoluteEnvironment", () => {
  test.each([
    ["file://./state", "file:///home/me/planet/state"],
    ["file://../states?no_tmp_dir=true", "file:///home/me/states?no_tmp_dir=true"],
    ["file:///var/state", "file:///var/state"],
    ["file://~/state", "file://~/state"],
    ["s3://states?endpoint=http://10.67.0.1", "s3://states?endpoint=http://10.67.0.1"],
  ])("%s", (backend, expected) => {
    const environment = { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE_FILE: "pass" };
    expect(absoluteEnvironment(environment, "/home/me/planet")).toEqual({
      PULUMI_BACKEND_URL: expected,
      PULUMI_CONFIG_PASSPHRASE_FILE: "/home/me/planet/pass",
    });
  });

  test("adds nothing", () => expect(absoluteEnvironment({}, "/x")).toEqual({}));
});

describe("texts", () => {
  test("the list shows which updates held uncommitted changes, and which is in service", () => {
    const updates = [update(1, "a"), update(2, "b", { clean: false }), update(3, "c", { kind: "refresh" })];
    expect(listUpdates(updates, updates[1])).toBe(
      "2  2026-11-24 09:40  succeeded  bbbbbbbb+  change b   ← in service\n1  2026-11-24 09:40  succeeded  aaaaaaaa   change a\n" +
        "+ with something that was not committed: a rollback cannot come back to it\n",
    );
  });

  test("a commit's message cannot command the terminal", () => {
    const updates = [update(1, "a", { message: "x\u001b]52;c;eA==\u0007y" })];
    expect(listUpdates(updates, undefined)).toMatch(/ {2}xy\n$/);
    expect(nextSteps(updates, "prod")).toContain('"xy"');
  });

  test("the list has later updates that changed nothing, and says so", () => {
    const updates = [update(1, "a"), update(2, "b", { changed: false })];
    expect(listUpdates(updates, updates[0])).toBe(
      "2  2026-11-24 09:40  succeeded  bbbbbbbb   change b   (changed nothing)\n1  2026-11-24 09:40  succeeded  aaaaaaaa   change a   ← in service\n",
    );
  });

  test("next steps name the nearest update that works", () => {
    expect(nextSteps([update(4, "d"), update(1, "a")], "prod")).toMatch(/--to 4 --stack prod` goes back to "change d"/);
    expect(nextSteps([], "prod")).toMatch(/git revert/);
  });

  const facts = {
    ...{ commit: "a".repeat(40), files: ["site/planet.ini", "index.ts"], uncommitted: [] },
    ...{ stackFile: "Pulumi.prod.yaml", kept: [] },
  };
  test.each([
    [{ commits: 1, merges: 0 }, "git revert --no-edit HEAD\n"],
    [{ commits: 3, merges: 0 }, "git restore --source aaaaaaaa --staged --worktree site/planet.ini index.ts\n"],
    [{ commits: 1, merges: 1 }, "git restore --source aaaaaaaa --staged"],
    [undefined, "git restore --source aaaaaaaa"],
  ])("main goes back, too: %j", (since, command) => {
    expect(revertReminder({ ...facts, since })).toContain(command);
  });

  test("what was deployed without a commit is put aside, not lost", () => {
    const since = { commits: 0, merges: 0 };
    const text = revertReminder({ ...facts, files: [], uncommitted: ["site/planet.ini"], since });
    expect(text).toMatch(/\n {2}git stash push --include-untracked site\/planet\.ini {3}# not committed\n$/);
  });

  test("main has to keep generation and permit; there is no reminder when there is nothing to undo in it", () => {
    const since = { commits: 1, merges: 0 };
    const kept = ["planet:generation: 3", "planet:permit: 2"];
    expect(revertReminder({ ...facts, kept, since })).toContain(
      "and keep `planet:generation: 3` and `planet:permit: 2` in Pulumi.prod.yaml.",
    );
    expect(revertReminder({ ...facts, files: [], since })).toBe("");
  });
});
