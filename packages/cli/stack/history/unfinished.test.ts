import { expect, test } from "@jest/globals";
import { condemned, SERVER, stateWith } from "../testing/testState.ts";
import { isUnfinished } from "./unfinished.ts";

const updates = [{ endTime: "2026-03-01T10:00:00.000Z" }, { endTime: "2026-03-01T11:00:00.000Z" }];
const saved = (time: string, resources: readonly object[] = [], pending: readonly object[] = []) => ({
  ...stateWith(resources, pending),
  savedMs: Date.parse(time),
});

test.each<[string, ReturnType<typeof saved>, boolean]>([
  ["written within the last update", saved("2026-03-01T10:59:59.9Z"), false],
  ["written in the second in which that ended", saved("2026-03-01T11:00:00.9Z"), false],
  ["written after it", saved("2026-03-01T11:00:01Z"), true],
  ["never written", saved(""), false],
  [
    "with an operation that was given up",
    saved("2026-03-01T10:59:59Z", [], [{ type: "creating", resource: SERVER }]),
    false,
  ],
  ["with a condemned server", saved("2026-03-01T10:59:59Z", [condemned]), true],
  ["with two servers", saved("2026-03-01T10:59:59Z", [{ ...SERVER, urn: `${SERVER.urn}2`, id: "i-0002" }]), true],
])("a state %s: unfinished is %s", (_, state, expected) => {
  expect(isUnfinished(state, updates)).toBe(expected);
});

test("without an update nothing is unfinished that the state does not show", () => {
  expect(isUnfinished(saved("2026-03-01T11:00:01Z"), [])).toBe(false);
});
