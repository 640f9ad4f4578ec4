import { basename } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../change/change.ts";
import { FakeEdges, historyEntry } from "../../deploy/testing/testEdges.ts";
import type { WorktreeRequest } from "./prepareWorktree.ts";
import { createRollbackCommand } from "./rollbackCommand.ts";

const [a, b] = ["a".repeat(40), "b".repeat(40)];
const change: Change = {
  ...{ stack: "prod", verdict: "content", problems: [], warnings: [], rollout: "live", intervalSeconds: 300 },
  ...{ feeds: { added: [], removed: [], changed: [] }, files: [], address: { kind: "none" }, others: [] },
};

function worldWith(preview: (commit: string) => Partial<Change> | undefined = () => ({})) {
  const fake = new FakeEdges();
  const prepared: (WorktreeRequest | "removed")[] = [];
  fake.history = [historyEntry(b), historyEntry(a, { message: "the good one" })];
  const command = createRollbackCommand({
    ...fake.edges,
    preview: (project) => Promise.resolve({ ...change, ...preview(basename(project)) }),
    prepare: (request) => {
      prepared.push(request);
      const remove = () => Promise.resolve(void prepared.push("removed"));
      return Promise.resolve({ project: `/planet/.planet/rollback/${request.commit}`, remove });
    },
  });
  return { fake, prepared, run: (...argv: string[]) => command.run(argv, fake.context) };
}

describe("planet rollback (proves what is decided and in which order; not what a deploy does)", () => {
  test("shows the preview, asks, deploys that commit with a mark, and says that main has to go back", async () => {
    const { fake, prepared, run } = worldWith();
    fake.head = b;
    expect(await run()).toBe(0);
    expect(prepared).toEqual([{ commit: a, stack: "prod", generation: 4, permit: 1 }, "removed"]);
    expect(fake.asked).toEqual(["Roll back?"]);
    expect(fake.ran).toEqual([
      {
        args: expect.arrayContaining([
          `planet rollback: to update 1, the good one [planet:commit=${a} to=1 from=${b}]`,
        ]),
        cwd: `/planet/.planet/rollback/${a}`,
      },
    ]);
    expect(fake.err).toMatch(/Back to update 1[\s\S]*Live content[\s\S]*git revert --no-edit HEAD/);
    expect(fake.err).not.toContain("To deploy");
  });

  test("never lowers the generation, whoever raised it", async () => {
    const { fake, prepared, run } = worldWith();
    fake.history = [historyEntry(b, { config: { "planet:generation": { value: "9" } } }), historyEntry(a)];
    await run("--yes");
    expect(prepared[0]).toMatchObject({ generation: 9 });
  });

  test.each<{ name: string; history: object[]; file: string }>([
    {
      name: "that is in service",
      history: [historyEntry(b, { config: { "planet:permit": { value: "3" } } }), historyEntry(a)],
      file: "",
    },
    {
      name: "of an update that failed",
      history: [
        { ...historyEntry("c".repeat(40), { config: { "planet:permit": { value: "3" } } }), result: "failed" },
        historyEntry(b),
        historyEntry(a),
      ],
      file: "config:\n  planet:permit: 2\n",
    },
    { name: "of the stack's file", history: [historyEntry(b), historyEntry(a)], file: "config:\n  planet:permit: 3\n" },
  ])("never lowers the permit $name", async ({ history, file }) => {
    const { fake, prepared, run } = worldWith();
    fake.history = history;
    fake.files.set("/planet/Pulumi.prod.yaml", file);
    expect(await run("--yes", "--to=1")).toBe(0);
    expect(prepared[0]).toMatchObject({ commit: a, permit: 3 });
  });

  const generation = (value: number) => ({ config: { "planet:generation": { value: String(value) } } });
  test.each<{ name: string; failed: object; file: number; expected: number }>([
    { name: "a roll, which has put the file back", failed: historyEntry(b, generation(8)), file: 3, expected: 3 },
    {
      name: "another commit, which is checked out",
      failed: historyEntry("c".repeat(40), generation(8)),
      file: 8,
      expected: 3,
    },
    { name: "a roll whose server has the address", failed: historyEntry(b, generation(8)), file: 8, expected: 8 },
  ])("takes no generation from an update that failed: $name", async ({ failed, file, expected }) => {
    const { fake, prepared, run } = worldWith();
    fake.files.set("/planet/Pulumi.prod.yaml", `config:\n  planet:generation: ${file}\n`);
    fake.history = [{ ...failed, result: "failed" }, historyEntry(b, generation(3)), historyEntry(a, generation(1))];
    expect(await run("--yes", "--to=1")).toBe(0);
    expect(prepared[0]).toMatchObject({ commit: a, generation: expected });
  });

  test.each<{ name: string; preview: Partial<Change>; code: string; next: RegExp }>([
    {
      name: "would undo an edit",
      preview: {
        verdict: "refused",
        problems: ["planet.ini was edited"],
        liveEdits: [{ name: "planet.ini", sha256: "e".repeat(64), fate: "found" }],
      },
      code: "ROLLBACK_REFUSED",
      next: /`npx planet feeds pull`.*--to 1/,
    },
    {
      name: "is refused for another reason",
      preview: { verdict: "refused", problems: ["no keys"], liveEdits: [] },
      code: "ROLLBACK_REFUSED",
      next: /^Fix that, then `npx planet rollback --to 1/,
    },
    {
      name: "has no preview",
      preview: { verdict: "failed", problems: ["no"] },
      code: "NO_ROLLBACK_PREVIEW",
      next: /Nothing was changed\.$/,
    },
    {
      name: "would change nothing",
      preview: { verdict: "nothing" },
      code: "NO_EARLIER_DIFFERENCE",
      next: /Nothing was changed\.$/,
    },
  ])("stops when it $name, and cleans up", async ({ preview, code, next }) => {
    const { fake, prepared, run } = worldWith(() => preview);
    await expect(run("--yes")).rejects.toMatchObject({ code, next: expect.stringMatching(next) });
    expect(fake.ran).toEqual([]);
    expect(prepared.at(-1)).toBe("removed");
  });

  describe("when going back would change nothing", () => {
    const c = "c".repeat(40);
    const idle: Readonly<Record<string, Partial<Change>>> = { [b]: { verdict: "nothing" } };

    test("looks one further back by itself", async () => {
      const { fake, prepared, run } = worldWith((commit) => idle[commit]);
      fake.history = [historyEntry(c), historyEntry(b), historyEntry(a, { message: "the good one" })];
      expect(await run("--yes")).toBe(0);
      expect(prepared.map((each) => (each === "removed" ? each : each.commit))).toEqual([b, "removed", a, "removed"]);
      expect(fake.ran).toHaveLength(1);
      expect(fake.err).toMatch(/Update 2 differs in nothing[\s\S]*Back to update 1/);
    });

    test("not for somebody who named the update", async () => {
      const { fake, run } = worldWith((commit) => idle[commit]);
      fake.history = [historyEntry(c), historyEntry(b), historyEntry(a)];
      await expect(run("--yes", "--to=2")).rejects.toMatchObject({ code: "NO_DIFFERENCE" });
      expect(fake.ran).toEqual([]);
    });

    test("not past what was in service before an update that was interrupted: that is deployed again, so that the state is whole", async () => {
      const { fake, run } = worldWith((commit) => idle[commit]);
      fake.history = [historyEntry(c, { result: "failed" }), historyEntry(b), historyEntry(a)];
      expect(await run("--yes")).toBe(0);
      expect(fake.ran).toHaveLength(1);
      expect(fake.ran[0]?.cwd).toContain(b);
    });
  });

  describe("after a run that was killed, and so is not in the history", () => {
    const killed = (commit: string) => {
      const all = worldWith((of) => (of === b ? { verdict: "nothing" } : {}));
      const ended = { endTime: "2026-03-01T10:00:00.000Z" };
      all.fake.history = [historyEntry(b, ended), historyEntry(a, ended)];
      all.fake.deployment = { manifest: { time: "2026-03-01T10:05:00.5Z" } };
      all.fake.head = commit;
      return all;
    };

    test("goes back to the last good update, though a preview shows nothing", async () => {
      const { fake, run } = killed("c".repeat(40));
      expect(await run("--yes")).toBe(0);
      expect(fake.ran.map(({ cwd }) => cwd)).toEqual([`/planet/.planet/rollback/${b}`]);
      expect(fake.ran[0]?.args.join(" ")).toContain(`to=2 from=${"c".repeat(40)}]`);
      expect(fake.err).toMatch(/was interrupted[\s\S]*Back to update 2[\s\S]*main has to go back/);
    });

    test("with the generation that was in service, whatever the killed run had raised it to", async () => {
      const { fake, prepared, run } = killed("c".repeat(40));
      const ended = { endTime: "2026-03-01T10:00:00.000Z" };
      const inService = historyEntry(b, { ...ended, config: { "planet:generation": { value: "3" } } });
      const failed = { ...ended, result: "failed", config: { "planet:generation": { value: "8" } } };
      fake.history = [historyEntry("d".repeat(40), failed), inService, historyEntry(a, ended)];
      expect(await run("--yes")).toBe(0);
      expect(prepared[0]).toMatchObject({ commit: b, generation: 3 });
    });

    test("and to another update when that is named", async () => {
      const { fake, run } = killed(b);
      expect(await run("--yes", "--to=1")).toBe(0);
      expect(fake.ran.map(({ cwd }) => cwd)).toEqual([`/planet/.planet/rollback/${a}`]);
    });
  });

  test("stops at a commit that is gone", async () => {
    const { fake, prepared, run } = worldWith();
    fake.history = [historyEntry(b), historyEntry("0".repeat(40))];
    await expect(run("--yes")).rejects.toMatchObject({
      code: "COMMIT_MISSING",
      next: expect.stringContaining("git fetch origin 0000"),
    });
    expect(prepared).toEqual([]);
  });

  test("stops at uncommitted changes with the way out", async () => {
    const { fake, run } = worldWith();
    const dirty = historyEntry(a, { environment: { "git.head": a, "git.dirty": "true" } });
    fake.history = [historyEntry(b), dirty, historyEntry("d".repeat(40), { message: "an older one" })];
    await expect(run()).rejects.toMatchObject({
      code: "UPDATE_UNCLEAN",
      message: expect.stringMatching(
        /^Cannot go back:\nupdate 2 was perhaps not all[^\n]*\n`npx planet rollback --to 1 --stack prod` goes back to "an older one"[\s\S]*git restore --source aaaaaaaa [\s\S]*\.gitignore/,
      ),
    });
  });

  test("lists", async () => {
    const { fake, run } = worldWith();
    expect(await run("--list")).toBe(0);
    expect(fake.out).toMatch(/^2 .*in service\n1 .*the good one\n$/);
  });

  test.each(["0", "x", "-1"])("refuses --to %s", async (to) => {
    await expect(worldWith().run(`--to=${to}`)).rejects.toMatchObject({ code: "NOT_A_NUMBER", exitCode: 2 });
  });

  test("says that a failed one may have half happened, and cleans up", async () => {
    const { fake, prepared, run } = worldWith();
    fake.up = () => 1;
    await expect(run("--yes")).rejects.toMatchObject({ code: "ROLLBACK_FAILED", exitCode: 3 });
    expect(prepared.at(-1)).toBe("removed");
  });
});
