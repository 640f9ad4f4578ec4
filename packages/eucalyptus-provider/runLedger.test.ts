import { describe, expect, test } from "@jest/globals";
import { RunLedger } from "./runLedger.ts";

const KEY = "key pair anna";

describe("what a run keeps", () => {
  test.each<{ name: string; act: (run: RunLedger) => void; keeper: string | undefined }>([
    { name: "nothing by itself: a destroy deletes", act: () => {}, keeper: undefined },
    {
      name: "what it created, against the older entry of a forced replacement",
      act: (run) => run.create(KEY, "a"),
      keeper: "a",
    },
    {
      name: "what it confirmed, against a twin that a kill left in the state",
      act: (run) => run.confirm(KEY, "a"),
      keeper: "a",
    },
    {
      name: "not what its own resource was before a forced replacement by another one",
      act: (run) => {
        run.confirm(KEY, "a");
        run.create("key pair anna-2", "a");
      },
      keeper: undefined,
    },
    {
      name: "what a second resource has confirmed, when the first is replaced",
      act: (run) => {
        run.confirm(KEY, "a");
        run.confirm(KEY, "b");
        run.create("key pair anna-2", "a");
      },
      keeper: "b",
    },
  ])("$name", ({ act, keeper }) => {
    const run = new RunLedger();
    act(run);
    expect(run.keeperOf(KEY)).toBe(keeper);
    expect(run.keeperOf("another")).toBeUndefined();
  });

  test("what is given up and kept is kept, whatever came first", () => {
    const run = new RunLedger();
    run.confirm(KEY, "a");
    run.giveUp(KEY);
    run.giveUp("another");
    expect([run.isGivenUp(KEY), run.isGivenUp("another")]).toEqual([false, true]);
    run.create("another", "a");
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
