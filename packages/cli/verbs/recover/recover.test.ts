import { describe, expect, test } from "@jest/globals";
import { FakeWorld, historyEntry } from "../../deploy/testing/testEdges.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createRecoverCommand } from "./recoverCommand.ts";

const recover = (world: FakeWorld, ...argv: string[]) => createRecoverCommand(world.edges).run(argv, world.context);

describe("planet recover (proves what is decided; not that a server boots)", () => {
  test("changes nothing when all is well", async () => {
    const world = new FakeWorld();
    expect(await recover(world)).toBe(0);
    expect(world.err).toContain("All is well: nothing was changed.");
    expect([world.ran, world.asked]).toEqual([[], []]);
  });

  test("makes again what is gone, at the same generation", async () => {
    const world = new FakeWorld();
    world.cloud = { instance: { state: "terminated", reason: "" }, address: { state: "ours", holder: "" } };
    world.page = { kind: "silent", reason: "timeout" };
    expect(await recover(world)).toBe(0);
    expect(world.ran[0]?.args).toEqual(expect.arrayContaining(["up", "--refresh"]));
    expect(world.ran[0]?.args.at(-1)).toContain("make again what is gone [planet:commit=");
    expect(world.stackFile).toContain("planet:generation: 4");
    expect(world.out).toContain("Longest gap");
  });

  test("replaces a server that does not serve, by the next generation", async () => {
    const world = new FakeWorld();
    world.page = { kind: "silent", reason: "no answer within 5 s" };
    expect(await recover(world)).toBe(0);
    expect(world.stackFile).toContain("planet:generation: 5");
    expect(world.err).toContain("i-1 exists and does not serve");
    expect(world.err).toContain('git commit -m "recover: generation 5"');
  });

  test("one lost request does not replace a server", async () => {
    const world = new FakeWorld();
    const good = world.page;
    let looks = 0;
    const page = () => Promise.resolve(looks++ === 0 ? ({ kind: "silent", reason: "reset" } as const) : good);
    expect(await createRecoverCommand({ ...world.edges, page }).run([], world.context)).toBe(0);
    expect(world.ran).toEqual([]);
  });

  test("makes nothing where a failed update has left its server, and readers get the page from the one before", async () => {
    const world = new FakeWorld();
    world.history = [historyEntry("b".repeat(40), { result: "failed" }), historyEntry("a".repeat(40))];
    world.cloud = { ...world.cloud, address: { state: "ours", holder: "i-0" } };
    world.page = planetServed("00000000", 3);
    await expect(recover(world, "--yes")).rejects.toMatchObject({
      code: "NOTHING_TO_RECOVER",
      next: expect.stringContaining("planet rollback --stack prod"),
    });
    expect(world.ran).toEqual([]);
    world.page = { kind: "silent", reason: "timeout" };
    expect(await recover(world, "--yes")).toBe(0);
  });

  test("says what to do when that fails", async () => {
    const world = new FakeWorld();
    world.cloud = { instance: { state: "missing", reason: "" }, address: { state: "ours", holder: "" } };
    world.up = () => 1;
    await expect(recover(world, "--yes")).rejects.toMatchObject({
      code: "RECOVERY_FAILED",
      next: expect.stringContaining("repeat"),
      exitCode: 3,
    });
  });

  test("changes nothing when the answer is no", async () => {
    const world = new FakeWorld();
    world.agrees = false;
    world.page = { kind: "other", http: 503, text: "" };
    await expect(recover(world)).rejects.toMatchObject({ code: "DECLINED" });
    expect(world.ran).toEqual([]);
  });
});
