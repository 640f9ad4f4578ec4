import { describe, expect, test } from "@jest/globals";
import { afterFailure, afterSuccess, retryAfterMs } from "./schedule.ts";

const MINUTE = 60_000;
const now = Date.UTC(2026, 0, 1);

describe("when to look again", () => {
  test.each([
    [[], 15],
    [[undefined, 1_000], 15],
    [[60 * MINUTE, 30 * MINUTE], 60],
    [[100 * 24 * 60 * MINUTE], 24 * 60],
  ] as const)("after a success with wishes %j: %d minutes", (wishes, minutes) => {
    expect(afterSuccess(now, wishes)).toBe(now + minutes * MINUTE);
  });

  test.each([
    [1, 15],
    [2, 30],
    [3, 60],
    [8, 24 * 60],
    [50, 24 * 60],
  ])("after failure %d: about %d minutes", (failures, minutes) => {
    const wait = afterFailure({ url: "http://a.test/", now, failures, gone: false }) - now;
    expect(wait).toBeGreaterThanOrEqual(minutes * MINUTE * 0.9);
    expect(wait).toBeLessThanOrEqual(minutes * MINUTE * 1.1);
  });

  test("a feed that is gone is asked once a day, one that asks for time gets it", () => {
    expect(afterFailure({ url: "x", now, failures: 1, gone: true })).toBe(now + 24 * 60 * MINUTE);
    expect(afterFailure({ url: "x", now, failures: 1, gone: false, retryAfterMs: 5 * 60 * MINUTE })).toBe(
      now + 5 * 60 * MINUTE,
    );
  });

  test.each([
    ["120", 2 * MINUTE],
    ["1", MINUTE],
    ["999999999", 24 * 60 * MINUTE],
    ["Thu, 01 Jan 2026 01:00:00 GMT", 60 * MINUTE],
    ["soon", undefined],
    ["", undefined],
  ])("Retry-After %j", (header, wait) => expect(retryAfterMs(header, now)).toBe(wait));
});
