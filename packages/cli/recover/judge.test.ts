import { describe, expect, test } from "@jest/globals";
import { readStatus } from "../operation/lookAtPage.ts";
import { judge, type Looks } from "./judge.ts";

const deployed = { url: "http://192.0.2.9/", address: "192.0.2.9", instanceId: "i-1", release: "0a1b2c3d" };
const instance = { state: "running" as const, reason: "" };
const address = { state: "ours" as const, holder: "i-1" };
const page = { kind: "served" as const, release: "0a1b2c3d", ageSeconds: 4, intervalSeconds: 300 };
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
      page: { kind: "other", status: 503, text: "no page yet" },
      verdict: "broken",
      says: "HTTP 503: no page yet",
    },
    {
      name: "another release",
      page: { ...page, release: "ffffffff" },
      verdict: "broken",
      says: "ffffffff is served, not 0a1b2c3d",
    },
    { name: "disk full", page: { ...page, ageSeconds: 1000 }, verdict: "broken", says: "not renewed for 1000 s" },
    { name: "a slow look", page: { ...page, ageSeconds: 800 }, verdict: "well", says: "renewed 800 s ago" },
    {
      name: "a slow look of a short interval",
      page: { ...page, ageSeconds: 100, intervalSeconds: 10 },
      verdict: "well",
      says: "renewed",
    },
  ])("$name", ({ cloud, page: seen = page, verdict, says }) => {
    const found = judge({ deployed, cloud: { instance, address, ...cloud }, page: seen });
    expect(found.verdict).toBe(verdict);
    expect(found.lines.join("\n")).toContain(says);
    expect(found.lines).toHaveLength(3);
  });
});

describe("readStatus", () => {
  const at = "2026-11-24T10:00:00.000Z";
  const body = JSON.stringify({ release: "0a1b2c3d", generated_at: at, next_sync: "2026-11-24T10:00:10.000Z" });

  test("counts age by the server's own clock", () => {
    expect(readStatus(200, body, Date.parse(at) + 7000)).toEqual({ ...page, ageSeconds: 7, intervalSeconds: 10 });
  });

  test.each([
    [503, "<html>\nx", "<html>"],
    [200, "It works!", "It works!"],
    [200, "null", "null"],
  ])("is no planet's: %i %j", (status, answer, text) => {
    expect(readStatus(status, answer, 0)).toEqual({ kind: "other", status, text });
  });
});
