import { describe, expect, test } from "@jest/globals";
import { lastVerdict, tailOf } from "./consoleLines.ts";

describe("lastVerdict", () => {
  test.each([
    ["nothing yet", "[  OK  ] Started cron\n", undefined],
    ["a step", "planet: step=node start t=3\n", undefined],
    [
      "ready",
      "x\nplanet: READY release=0a1b2c3d\n",
      { failed: false, line: "planet: READY release=0a1b2c3d", release: "0a1b2c3d" },
    ],
    ["failed", "planet: FAILED step=fetch rc=22\r\n", { failed: true, line: "planet: FAILED step=fetch rc=22" }],
    [
      "behind a prefix and colours",
      "\u001b[32m[   12.3] cloud-init: planet: READY release=0a1b2c3d\u001b[0m\r\nlogin: ",
      { failed: false, line: "planet: READY release=0a1b2c3d", release: "0a1b2c3d" },
    ],
    [
      "failed once, ready after a restart",
      "planet: FAILED step=fetch rc=22\nplanet: READY release=0a1b2c3d\n",
      { failed: false, line: "planet: READY release=0a1b2c3d", release: "0a1b2c3d" },
    ],
  ])("%s", (_, consoleText, expected) => {
    expect(lastVerdict(consoleText)).toEqual(expected);
  });
});

test("tailOf gives the last lines that say something", () => {
  expect(tailOf("a\n\nb\r\n\u001b[0m\nc\n", 2)).toBe("b\nc");
});
