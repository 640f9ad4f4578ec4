import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { rssOf } from "../fetch/testing/feedServer.ts";
import { startWildPlanet, type WildPlanet } from "./testing/wildPlanet.ts";

let planet: WildPlanet;
beforeEach(async () => {
  planet = await startWildPlanet();
});
afterEach(() => planet.close());

describe("hosts (proves how a planet treats them over several runs)", () => {
  test("a host that asks for two hours is left alone for two hours, with all its feeds", async () => {
    const feeds = { a: rssOf("a"), b: rssOf("b"), c: rssOf("c") };
    const busy = { a: 429 };
    await planet.run(feeds, { statuses: busy, headers: { "Retry-After": "7200" } });
    const asked = () => planet.server.requests.splice(0).map(({ path }) => path);
    expect(asked()).toContain("/a");
    for (const minutes of [6, 16, 119]) await planet.run(feeds, { minutes });
    expect(asked()).toEqual([]);
    await planet.run(feeds, { minutes: 121 });
    expect([...asked()].sort()).toEqual(["/a", "/b", "/c"]);
  });

  test("304 to who never had the feed is a failure with its reason", async () => {
    const { report } = await planet.run({ a: "" }, { statuses: { a: 304 } });
    expect(report.feeds[0]).toMatchObject({ state: "failing", reason: expect.stringContaining("304") });
  });

  test("a feed needs attention when it has been failing for report_after days, until it is read again", async () => {
    const at = async (hours: number, status: number) => {
      const keys = { planetKeys: "report_after = 2", minutes: hours * 60, statuses: { a: status } };
      const { report } = await planet.run({ a: rssOf("a") }, keys);
      return [report.feeds[0]?.needsAttention, report.feeds[0]?.failingSince];
    };
    expect(await at(0, 200)).toEqual([false, undefined]);
    expect(await at(1, 500)).toEqual([false, "2026-05-18T13:00:00Z"]);
    expect(await at(48, 500)).toEqual([false, "2026-05-18T13:00:00Z"]);
    expect(await at(49, 500)).toEqual([true, "2026-05-18T13:00:00Z"]);
    expect(await at(120, 200)).toEqual([false, undefined]);
    expect(await at(150, 410)).toEqual([false, "2026-05-24T18:00:00Z"]);
  });
});
