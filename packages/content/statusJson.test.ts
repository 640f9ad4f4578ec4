import { describe, expect, test } from "@jest/globals";
import { isStale, readStatusJson } from "./statusJson.ts";

const MADE = Date.parse("2026-03-01T12:00:00Z");

describe("isStale", () => {
  test.each([
    ["just made", 300, 4, false],
    ["late twice, as with slow feeds", 300, 800, false],
    ["late three times", 300, 901, true],
    ["of a short interval, within two minutes", 10, 119, false],
    ["of a short interval, after two minutes", 10, 121, true],
    ["from the future, as with a wrong clock", 300, -50, false],
    ["of an unknown time", 300, Number.NaN, false],
  ])("a page %s: every %i s, %i s old: %s", (_, intervalSeconds, ageSeconds, expected) => {
    const status = { generatedMs: MADE, intervalMs: intervalSeconds * 1000 };
    expect(isStale(status, new Date(MADE + ageSeconds * 1000))).toBe(expected);
  });
});

describe("readStatusJson", () => {
  test("reads age and interval from the server's own times", () => {
    const body = JSON.stringify({
      release: "0a1b2c3d",
      generated_at: "2026-03-01T12:00:00.000Z",
      next_sync: "2026-03-01T12:00:10.000Z",
    });
    expect(readStatusJson(body)).toMatchObject({ release: "0a1b2c3d", generatedMs: MADE, intervalMs: 10_000 });
  });

  test("takes an older server's, in which fields are missing", () => {
    expect(readStatusJson('{"release": "0a1b2c3d", "feeds": [{"url": "u"}, 7]}')).toMatchObject({
      intervalMs: 1_000,
      drift: [],
      feeds: [{ url: "u", name: "", failures: 0, needsAttention: false }, { url: "" }],
    });
  });

  test.each(["It works!", "null", "[]", '{"release": 7}', ""])("is not a planet's: %j", (body) => {
    expect(readStatusJson(body)).toBeUndefined();
  });
});
