import { describe, expect, test } from "@jest/globals";
import { FakeEdges, historyEntry } from "../../deploy/testing/testEdges.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import { createRecoverCommand } from "./recoverCommand.ts";

const recover = (fake: FakeEdges, ...argv: string[]) => createRecoverCommand(fake.edges).run(argv, fake.context);

describe("planet recover (proves what is decided; not that a server boots)", () => {
  test("changes nothing when all is well", async () => {
    const fake = new FakeEdges();
    expect(await recover(fake)).toBe(0);
    expect(fake.err).toContain("All is well: nothing was changed.");
    expect([fake.ran, fake.asked]).toEqual([[], []]);
  });

  test("makes again what is gone, at the same generation", async () => {
    const fake = new FakeEdges();
    fake.cloud = { instance: { state: "terminated", reason: "" }, address: { state: "ours", holder: "" } };
    fake.page = { kind: "silent", reason: "timeout" };
    expect(await recover(fake)).toBe(0);
    expect(fake.ran[0]?.args).toEqual(expect.arrayContaining(["up", "--refresh"]));
    expect(fake.ran[0]?.args.at(-1)).toContain("make again what is gone [planet:commit=");
    expect(fake.stackFile).toContain("planet:generation: 4");
    expect(fake.out).toContain("Longest gap");
  });

  test("replaces a server that does not serve, by the next generation", async () => {
    const fake = new FakeEdges();
    fake.page = { kind: "silent", reason: "no answer within 5 s" };
    expect(await recover(fake)).toBe(0);
    expect(fake.stackFile).toContain("planet:generation: 5");
    expect(fake.err).toContain("i-1 exists and does not serve");
    expect(fake.err).toContain('git commit -m "recover: generation 5"');
  });

  test("one lost request does not replace a server", async () => {
    const fake = new FakeEdges();
    const good = fake.page;
    let looks = 0;
    const page = () => Promise.resolve(looks++ === 0 ? ({ kind: "silent", reason: "reset" } as const) : good);
    expect(await createRecoverCommand({ ...fake.edges, page }).run([], fake.context)).toBe(0);
    expect(fake.ran).toEqual([]);
  });

  test("makes nothing where a failed update has left its server, and readers get the page from the one before", async () => {
    const fake = new FakeEdges();
    fake.history = [historyEntry("b".repeat(40), { result: "failed" }), historyEntry("a".repeat(40))];
    fake.cloud = { ...fake.cloud, address: { state: "ours", holder: "i-0" } };
    fake.page = planetServed("00000000", 3);
    await expect(recover(fake, "--yes")).rejects.toMatchObject({
      code: "NOTHING_TO_RECOVER",
      next: expect.stringContaining("planet rollback --stack prod"),
    });
    expect(fake.ran).toEqual([]);
    fake.page = { kind: "silent", reason: "timeout" };
    expect(await recover(fake, "--yes")).toBe(0);
  });

  test("says what to do when that fails", async () => {
    const fake = new FakeEdges();
    fake.cloud = { instance: { state: "missing", reason: "" }, address: { state: "ours", holder: "" } };
    fake.up = () => 1;
    await expect(recover(fake, "--yes")).rejects.toMatchObject({
      code: "RECOVERY_FAILED",
      next: expect.stringContaining("repeat"),
      exitCode: 3,
    });
  });

  test("changes nothing when the answer is no", async () => {
    const fake = new FakeEdges();
    fake.agrees = false;
    fake.page = { kind: "other", http: 503, text: "" };
    await expect(recover(fake)).rejects.toMatchObject({ code: "DECLINED" });
    expect(fake.ran).toEqual([]);
  });
});
