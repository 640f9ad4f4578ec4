import { expect, test } from "@jest/globals";
import { messageOf } from "./messageOf.ts";

test.each([
  ["a message", new Error("refused"), "refused"],
  [
    "a code and no message, as a name with several addresses",
    Object.assign(new Error(""), { code: "ECONNREFUSED" }),
    "ECONNREFUSED",
  ],
  ["neither", new TypeError(""), "TypeError"],
  ["no error at all", "gone", "gone"],
])("the text of what has %s", (_, thrown, text) => {
  expect(messageOf(thrown)).toBe(text);
});
