import { expect, test } from "@jest/globals";
import { reasonFor } from "./reasonFor.ts";

const silent = { address: "192.0.2.1", isServed: false, summary: "connect ECONNREFUSED" };

test.each([
  ["nothing at all", [silent], "", "shown nothing at all"],
  ["no address to ask", [], "", "shown nothing at all"],
  ["a kernel and no script", [silent], "Linux version 6.1\r\nlogin: \n", "planet.sh has not begun"],
  ["a script under way", [silent], "planet: step=os start t=0\nplanet: step=upgrade start t=9\n", 'step "upgrade"'],
  ["somebody else at a private address", [{ ...silent, status: 404 }], "", "shown nothing at all"],
  ["no page yet", [{ ...silent, status: 503 }], "planet: step=build start t=60\n", "no page yet (HTTP 503)"],
  ["an error", [silent, { ...silent, status: 500 }], "", "fails (HTTP 500)"],
  [
    "another release",
    [silent, { ...silent, status: 200, release: "ffffffff" }],
    "",
    "192.0.2.1 serves release ffffffff",
  ],
])("%s is reported in words", (_, answers, consoleText, words) => {
  expect(reasonFor(answers, consoleText)).toContain(words);
});
