import { expect, test } from "@jest/globals";
import { createAction, createGroup, OperatorError, UsageError, usageFor } from "./command.ts";

test("wrong usage is one line and exit code 2, for the usage stands below it; a failure has a line for each part", () => {
  const parts = { code: "X", what: "It failed", why: "it is late", next: "Go home." };
  expect(new UsageError(parts)).toMatchObject({ exitCode: 2, message: "It failed: it is late. Go home." });
  expect(new OperatorError(parts)).toMatchObject({ exitCode: 1, message: "It failed\nit is late\nGo home." });
  expect(new OperatorError({ ...parts, exitCode: 3 })).toMatchObject({ exitCode: 3 });
});

test("after a mistake the usage is that of the action that was meant, or nothing: a long one hides the mistake", () => {
  const action = createAction({ options: { all: { type: "boolean", help: "all of them" } }, run: async () => 0 });
  const group = createGroup({ name: "things", summary: "", actions: { "list here": action, add: action } });
  expect(usageFor(group, ["list", "here", "--al"])).toMatch(
    /^planet things list here \[--all\]\n[\s\S]*planet help things/,
  );
  expect(usageFor(group, ["list", "here", "--al"])).not.toContain("things add");
  expect(usageFor(group, ["lst"])).toBeUndefined();
});
