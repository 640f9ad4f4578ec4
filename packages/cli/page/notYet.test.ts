import { describe, expect, test } from "@jest/globals";
import { readStatusJson, type ServedStatus } from "@planet/content";
import { describeNotYet, describeSilent, notYetOf } from "./notYet.ts";

const feed = (name: string, entries: number, state = "ok") => ({ url: `http://${name}.test/`, name, entries, state });
function statusOf(feeds: readonly object[], memory?: string): ServedStatus {
  const status = readStatusJson(JSON.stringify({ release: "aaaaaaaa", feeds, memory: { state: memory } }));
  if (status === undefined) throw new Error("not a status.json");
  return status;
}

describe("what a new server does not have yet", () => {
  test("is counted by feed; new entries, and feeds that are gone from planet.ini, do not count", () => {
    const before = statusOf([feed("a", 10), feed("b", 4), feed("c", 3)]);
    const after = statusOf([feed("a", 2), feed("b", 5), feed("d", 9)]);
    expect(notYetOf(before, after)).toEqual({
      had: 14,
      entries: 8,
      feeds: [{ name: "a", url: "http://a.test/", has: 2, had: 10 }],
    });
    expect(describeNotYet(notYetOf(before, after))).toEqual([
      "8 of 14 that the old server had are not there yet:",
      "a: 2 of 10",
    ]);
    expect(describeNotYet(notYetOf(before, before))).toEqual(["all 17 that the old server had are there"]);
  });

  test("takes at most a screen", () => {
    const [before, after] = [2, 1].map((count) =>
      statusOf(Array.from({ length: 300 }, (_, index) => feed(`f${index}`, count))),
    ) as [ServedStatus, ServedStatus];
    const lines = describeNotYet(notYetOf(before, after));
    expect([lines.length, lines.at(-1)]).toEqual([12, "and of 290 other feeds"]);
  });
});

describe("feeds that do not answer before a new server is made", () => {
  test.each([
    ["on", "The planet remembers them"],
    ["off", "does not have them until they answer: the planet has no memory"],
    ["degraded", "does not have them until they answer: the planet's memory works only in part"],
    [undefined, "does not have them until they answer: the planet has no memory"],
  ])("are named, with a memory that is %s", (memory, says) => {
    const text = describeSilent(statusOf([feed("a", 1, "failing"), feed("b", 2, "gone"), feed("c", 3)], memory));
    expect(text).toContain("2 feeds do not answer now: a (1 entry), b (2 entries). ");
    expect(text).toContain(says);
  });

  test("are not, when there are none, or none that had entries", () => {
    expect(describeSilent(statusOf([feed("a", 0, "failing"), feed("b", 2)]))).toBe("");
  });
});
