import { describe, expect, test } from "@jest/globals";
import { RunLedger } from "./runLedger.ts";

const KEY = "association of 192.0.2.1 with i-1";
const ours = { urn: "urn:a", id: "1" };

describe("what a run keeps", () => {
  test.each<{ name: string; keeper: typeof ours; how: "created" | "confirmed"; isKept: boolean }>([
    {
      name: "made in this run under the same urn and id: a forced replacement",
      keeper: ours,
      how: "created",
      isKept: true,
    },
    { name: "in the state, and the program's: it alone may end it", keeper: ours, how: "confirmed", isKept: false },
    { name: "confirmed under another name", keeper: { ...ours, urn: "urn:b" }, how: "confirmed", isKept: true },
    {
      name: "confirmed by a newer entry of the same name",
      keeper: { ...ours, id: "2" },
      how: "confirmed",
      isKept: true,
    },
  ])("$name", ({ keeper, how, isKept }) => {
    const run = new RunLedger();
    run.keep(KEY, keeper, how);
    expect(run.keeperOf(KEY, ours) !== undefined).toBe(isKept);
    expect(run.keeperOf("another", ours)).toBeUndefined();
  });

  test("what is given up and kept is kept, whatever came first", () => {
    const run = new RunLedger();
    run.keep(KEY, ours, "confirmed");
    run.giveUp(KEY);
    run.giveUp("another");
    expect([run.isGivenUp(KEY), run.isGivenUp("another")]).toEqual([false, true]);
    run.keep("another", ours, "created");
    expect(run.isGivenUp("another")).toBe(false);
  });

  test("a run without a checked resource has no program", () => {
    const run = new RunLedger();
    run.noteInState("i-1");
    expect(run.hasProgram).toBe(false);
    run.register("urn:a");
    expect([run.hasProgram, run.isRegistered("urn:a"), run.isRegistered("urn:b")]).toEqual([true, true, false]);
  });
});
