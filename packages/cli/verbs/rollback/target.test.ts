import { describe, expect, test } from "@jest/globals";
import { inServiceOf, leftCommits } from "../../stack/history/inService.ts";
import { commit, rollback, update } from "../../stack/history/testing/testUpdates.ts";
import type { Update } from "../../stack/history/updates.ts";
import { chooseTarget } from "./target.ts";

const failed = { result: "failed" };
const rolled = (number: number, of: string) => update(number, of, { mark: { commit: commit(of) } });

describe("chooseTarget", () => {
  test.each<{ name: string; updates: Update[]; to?: number; before?: number; target: number }>([
    { name: "the one before", updates: [update(1, "a"), update(2, "b")], target: 1 },
    {
      name: "one further back",
      updates: [update(1, "a"), update(2, "b"), update(3, "c"), rollback(4, 2, "b", "c")],
      target: 1,
    },
    {
      name: "back over a change, a rollback and another change",
      updates: [update(1, "a"), update(2, "b"), rollback(3, 1, "a", "b"), update(4, "c")],
      target: 3,
    },
    {
      name: "further back through a rollback to a rollback",
      updates: [
        ...[update(1, "z"), update(2, "a"), update(3, "b"), rollback(4, 2, "a", "b"), update(5, "c")],
        rollback(6, 4, "a", "c"),
      ],
      target: 1,
    },
    { name: "over a roll of the same commit", updates: [update(1, "a"), update(2, "b"), rolled(3, "b")], target: 1 },
    { name: "to a roll", updates: [update(1, "a"), rolled(2, "a"), update(3, "b")], target: 2 },
    {
      name: "over updates without a change, and refreshes",
      updates: [
        update(1, "a"),
        update(2, "b"),
        update(3, "c", { changed: false }),
        update(4, "c", { kind: "refresh" }),
      ],
      target: 1,
    },
    {
      name: "to what was there before a failure",
      updates: [update(1, "a"), update(2, "b"), update(3, "c", failed)],
      target: 2,
    },
    { name: "over a failed roll", updates: [update(1, "a"), update(2, "b"), update(3, "b", failed)], target: 1 },
    {
      name: "from uncommitted changes to their own commit",
      updates: [update(1, "a"), update(2, "a", { clean: false })],
      target: 1,
    },
    {
      name: "further back than what differs in nothing",
      updates: [update(1, "a"), update(2, "b"), update(3, "c")],
      before: 2,
      target: 1,
    },
    { name: "to a number", updates: [update(1, "a"), update(2, "b"), update(3, "c")], to: 1, target: 1 },
    {
      name: "forward by its number",
      updates: [update(1, "a"), update(2, "b"), rollback(3, 1, "a", "b")],
      to: 2,
      target: 2,
    },
  ])("goes $name", ({ updates, to, before, target }) => {
    expect(chooseTarget(updates, { to, before })).toMatchObject({ kind: "target", target: { number: target } });
  });

  test("what is left is the commit of the last update, though it failed", () => {
    const choice = chooseTarget([update(1, "a"), update(2, "b"), update(3, "c", failed)]);
    expect(choice).toMatchObject({ target: { number: 2 }, left: commit("c") });
  });

  test("after a killed run, what was in service before it is the way back", () => {
    const updates = [update(1, "a"), update(2, "b")];
    const killed = { commit: commit("c") };
    expect(chooseTarget(updates, { killed })).toMatchObject({
      target: { number: 2 },
      isAfterBreak: true,
      left: commit("c"),
    });
    expect(chooseTarget(updates, { killed, to: 1 })).toMatchObject({ target: { number: 1 }, isAfterBreak: false });
    expect(chooseTarget(updates)).toMatchObject({ target: { number: 1 }, isAfterBreak: false, left: commit("b") });
  });

  const dirty = { clean: false };
  const destroyed = update(3, "b", { kind: "destroy" });
  const { commit: _, ...withoutGit } = update(2, "b", { clean: false });
  test.each<{ name: string; updates: Update[]; to?: number; before?: number; code: string; usable: number[] }>([
    { name: "nothing deployed", updates: [], code: "NEVER_DEPLOYED", usable: [] },
    { name: "only failures", updates: [update(1, "a", failed)], code: "NEVER_SUCCEEDED", usable: [] },
    { name: "nothing earlier", updates: [update(1, "a")], code: "NO_EARLIER_UPDATE", usable: [] },
    {
      name: "nothing earlier after a rollback",
      updates: [update(1, "a"), update(2, "b"), rollback(3, 1, "a", "b")],
      code: "NO_EARLIER_UPDATE",
      usable: [],
    },
    { name: "a destroyed planet", updates: [update(1, "a"), update(2, "b"), destroyed], code: "DESTROYED", usable: [] },
    {
      name: "what was before a destroy",
      updates: [update(1, "a"), update(2, "b"), destroyed, update(4, "c")],
      code: "NO_EARLIER_UPDATE",
      usable: [],
    },
    {
      name: "uncommitted changes",
      updates: [update(1, "a"), update(2, "b", dirty), update(3, "c")],
      code: "UPDATE_UNCLEAN",
      usable: [1],
    },
    {
      name: "uncommitted changes, and what was seen to differ in nothing is no advice",
      updates: [update(1, "a"), update(2, "b", dirty), update(3, "d"), update(4, "c")],
      before: 3,
      code: "UPDATE_UNCLEAN",
      usable: [1],
    },
    {
      name: "an update without git",
      updates: [update(1, "a"), withoutGit, update(3, "c")],
      code: "UPDATE_WITHOUT_COMMIT",
      usable: [1],
    },
    {
      name: "an unknown number",
      updates: [update(1, "a"), update(2, "b")],
      to: 7,
      code: "UPDATE_UNKNOWN",
      usable: [1],
    },
    {
      name: "a failed one",
      updates: [update(1, "a", failed), update(2, "b")],
      to: 1,
      code: "UPDATE_UNKNOWN",
      usable: [],
    },
  ])("refuses $name", ({ updates, to, before, code, usable }) => {
    const choice = chooseTarget(updates, { to, before });
    expect(choice).toMatchObject({ kind: "refused", code });
    expect(choice.kind === "refused" && choice.usable.map(({ number }) => number)).toEqual(usable);
  });
});

describe("what is in service", () => {
  test("a failed update and one without a change are not", () => {
    const updates = [update(1, "a"), update(2, "b", failed), update(3, "c", { changed: false })];
    expect(inServiceOf(updates)?.number).toBe(1);
  });

  test("every commit that rollbacks in a row have left is known, until something else is deployed", () => {
    const updates = [
      update(1, "a"),
      update(2, "b"),
      update(3, "c"),
      rollback(4, 2, "b", "c"),
      rollback(5, 1, "a", "b"),
    ];
    expect(leftCommits(updates)).toEqual([commit("c"), commit("b")]);
    expect(leftCommits([...updates, update(6, "d")])).toEqual([]);
    expect(leftCommits([...updates, update(6, "d", { changed: false })])).toEqual([]);
    expect(leftCommits([...updates, update(6, "d", failed)])).toEqual([commit("c"), commit("b")]);
  });
});
