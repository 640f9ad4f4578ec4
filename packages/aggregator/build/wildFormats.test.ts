import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startWildPlanet, type WildPlanet } from "./testing/wildPlanet.ts";

let planet: WildPlanet;
beforeEach(async () => {
  planet = await startWildPlanet();
});
afterEach(() => planet.close());

describe("formats of real feeds (proves what a reader sees; the rules of each part have tests of their own)", () => {
  test("one wrong byte spoils one character, not the feed", async () => {
    const { entries } = await planet.run({ a: "utf8-one-bad-byte.xml" });
    expect(entries.map(({ title, html }) => [title, html])).toEqual([
      ["Excerpt cut by bytes", "<p>Ein Auszug endet mitten im Zeichen: sch\ufffd</p>"],
      ["Żółć and naïve café – „quotes“", "<p>Größe, Übermut, 日本語 text</p>"],
    ]);
  });
});
