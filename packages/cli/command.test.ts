import { expect, test } from "@jest/globals";
import { OperatorError, UsageError } from "./command.ts";

test("wrong usage is one line and exit code 2, for the usage stands below it; a failure has a line for each part", () => {
  const parts = { code: "X", what: "It failed", why: "it is late", next: "Go home." };
  expect(new UsageError(parts)).toMatchObject({ exitCode: 2, message: "It failed: it is late. Go home." });
  expect(new OperatorError(parts)).toMatchObject({ exitCode: 1, message: "It failed\nit is late\nGo home." });
  expect(new OperatorError({ ...parts, exitCode: 3 })).toMatchObject({ exitCode: 3 });
});
