import { describe, expect, test } from "@jest/globals";
import { planetServed } from "../../page/testing/planetServed.ts";
import { judge, type Looks } from "./judge.ts";

const deployed = { url: "http://192.0.2.9/", address: "192.0.2.9", instanceId: "i-1", release: "0a1b2c3d" };
const instance = { state: "running" as const, reason: "" };
const address = { state: "ours" as const, holder: "i-1" };
const page = planetServed("0a1b2c3d", 4);
const silent = { kind: "silent" as const, reason: "connect ECONNREFUSED 192.0.2.9:80" };

describe("judge", () => {
  test.each<{ name: string; cloud?: Partial<Looks["cloud"]>; page?: Looks["page"]; verdict: string; says: string }>([
    { name: "all well", verdict: "well", says: "renewed 4 s ago" },
    {
      name: "missing",
      cloud: { instance: { state: "missing", reason: "" } },
      page: silent,
      verdict: "gone",
      says: "does not know it",
    },
    {
      name: "terminated",
      cloud: { instance: { state: "terminated", reason: "USER_TERMINATED" }, address: { state: "ours", holder: "" } },
      page: silent,
      verdict: "gone",
      says: "gone: terminated (USER_TERMINATED)",
    },
    {
      name: "shutting down",
      cloud: { instance: { state: "shutting-down", reason: "" } },
      verdict: "gone",
      says: "shutting-down",
    },
    {
      name: "address free",
      cloud: { address: { state: "ours", holder: "" } },
      page: silent,
      verdict: "gone",
      says: "leads nowhere",
    },
    {
      name: "address elsewhere",
      cloud: { address: { state: "ours", holder: "i-7" } },
      verdict: "gone",
      says: "leads to i-7",
    },
    {
      name: "address lost",
      cloud: { address: { state: "missing" } },
      page: silent,
      verdict: "gone",
      says: "not this account's",
    },
    { name: "nginx dead", page: silent, verdict: "broken", says: "no answer: connect ECONNREFUSED" },
    {
      name: "stopped",
      cloud: { instance: { state: "stopped", reason: "" } },
      page: silent,
      verdict: "broken",
      says: "i-1 is stopped",
    },
    {
      name: "503",
      page: { kind: "other", http: 503, text: "no page yet" },
      verdict: "broken",
      says: "HTTP 503: no page yet",
    },
    {
      name: "another release",
      page: planetServed("ffffffff", 4),
      verdict: "broken",
      says: "ffffffff is served, not 0a1b2c3d",
    },
    { name: "disk full", page: planetServed("0a1b2c3d", 1000), verdict: "broken", says: "not renewed for 1000 s" },
    { name: "a slow look", page: planetServed("0a1b2c3d", 800), verdict: "well", says: "renewed 800 s ago" },
    {
      name: "a slow look of a short interval",
      page: planetServed("0a1b2c3d", 100, 10),
      verdict: "well",
      says: "renewed",
    },
  ])("$name", ({ cloud, page: seen = page, verdict, says }) => {
    const found = judge({ deployed, cloud: { instance, address, ...cloud }, page: seen });
    expect(found.verdict).toBe(verdict);
    expect(found.lines.join("\n")).toContain(says);
    expect(found.lines).toHaveLength(3);
  });

  describe("of several servers", () => {
    const several = { ...deployed, instanceId: "", servers: 2 };
    const balanced = (cloud: Partial<Looks["cloud"]> = {}, seen: Looks["page"] = page) =>
      judge({ deployed: several, cloud: { instance, address: { state: "ours", holder: "" }, ...cloud }, page: seen });

    test.each<[string, Parameters<typeof balanced>, string, string]>([
      ["that serve", [], "well", "2 in a group, which replaces dead ones by itself"],
      ["that do not serve", [{}, silent], "broken", "no answer"],
      [
        "whose group is gone",
        [{ instance: { state: "missing", reason: "" } }, silent],
        "gone",
        "the group of this release is gone",
      ],
      ["whose balancer is gone", [{ address: { state: "missing" } }, silent], "gone", "the next one has the same name"],
    ])("%s", (_, given, verdict, says) => {
      const found = balanced(...given);
      expect(found.verdict).toBe(verdict);
      expect(found.lines.join("\n")).toContain(says);
    });
  });
});
