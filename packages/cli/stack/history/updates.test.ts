import { describe, expect, test } from "@jest/globals";
import { readMark, withMark, withoutMark } from "./mark.ts";
import { commit } from "./testing/testUpdates.ts";
import { readUpdates } from "./updates.ts";

const flag = { "pulumi.flag.message": "set" };
const entry = (message: string, environment: object, more: object = {}) => ({
  ...{ version: 0, kind: "update", startTime: "2026-11-24T09:40:06.000Z", message, result: "succeeded" },
  ...{ environment: { "git.head": commit("e"), "git.dirty": "true", ...environment }, resourceChanges: { update: 1 } },
  ...more,
});
const read = (...entries: object[]) => readUpdates(JSON.stringify(entries));

describe("a mark in an update's message", () => {
  test.each([
    { commit: commit("a") },
    { commit: commit("a"), to: 12 },
    { commit: commit("a"), to: 12, from: commit("b") },
  ])("comes back as it was: %j", (mark) => {
    const message = withMark("planet roll: generation 2", mark);
    expect(readMark(message)).toEqual(mark);
    expect(withoutMark(message)).toBe("planet roll: generation 2");
  });

  test.each(["", "fix [planet:commit=abc]", `[planet:commit=${commit("a")}] and more`])("is not in %j", (message) => {
    expect(readMark(message)).toBeUndefined();
  });
});

describe("readUpdates (proves what is read; the shape is the CLI's of 3.259.0)", () => {
  test("numbers from the oldest", () => {
    const [first, second] = read(entry("two", {}), entry("one", { "git.dirty": "false" }));
    expect(first).toMatchObject({ number: 1, message: "one", clean: true, commit: commit("e") });
    expect(second).toMatchObject({ number: 2, message: "two", clean: false });
  });

  test("takes the backend's own numbers", () => {
    expect(read(entry("x", {}, { version: 17 }))[0]?.number).toBe(17);
  });

  test("going back counts as a change, even where it changed the state alone", () => {
    const back = withMark("planet rollback: to update 1, x", { commit: commit("a"), to: 1 });
    const none = { resourceChanges: { same: 3 } };
    expect(
      read({ ...entry(back, flag), ...none }, { ...entry("x", flag), ...none }).map(({ changed }) => changed),
    ).toEqual([false, true]);
  });

  test("believes our mark more than git's flag, and only ours", () => {
    const marked = withMark("planet roll: generation 2", { commit: commit("a") });
    expect(read(entry(marked, flag))[0]).toMatchObject({ commit: commit("a"), clean: true });
    expect(read(entry(marked, {}))[0]).toMatchObject({ commit: commit("e"), clean: false });
  });

  test.each([
    [{ same: 20 }, false],
    [{ same: 20, create: 0, refresh: 20 }, false],
    [{ same: 20, replace: 1 }, true],
    [undefined, true],
  ])("resource changes %j: changed is %s", (resourceChanges, changed) => {
    expect(read(entry("x", {}, { resourceChanges }))[0]?.changed).toBe(changed);
  });

  test("reads the generation, and does without anything", () => {
    const config = { "planet:generation": { value: "3", secret: false } };
    expect(read(entry("x", {}, { config }))[0]?.generation).toBe(3);
    expect(readUpdates("")).toEqual([]);
    expect(read({})[0]).toMatchObject({ number: 1, kind: "", clean: false });
  });
});
