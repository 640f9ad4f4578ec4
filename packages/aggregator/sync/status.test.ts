import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { feedsPage } from "./feedsPage.ts";
import { readSettings } from "./settings.ts";
import { type StatusFacts, statusOf } from "./status.ts";
import { PLAIN_STYLE } from "./statusStyle.ts";

const ini = "[Planet]\nname = P & Q\nlink = http://p.example/\ncache_directory = x\n[http://a.example/f]\n";
const feed = {
  url: "http://a.example/f?a&b",
  name: "<A>",
  failures: 2,
  needsAttention: false,
  entries: 3,
  repaired: false,
  ms: 1,
  bytes: 2,
};
const facts: StatusFacts = {
  settings: readSettings({
    PLANET_BUCKET_URL: "http://10.0.0.1:8773/services/Walrus/planet/",
    PLANET_STACK: "local",
    PLANET_RELEASE: "0a1b2c3d",
    PLANET_INTERVAL: "10",
  }),
  content: {
    id: "abcdabcd",
    digest: "abcd".repeat(16),
    appliedAt: "2026-03-01T12:00:00.000Z",
    files: new Map(),
    bytes: new Map([["planet.ini", Buffer.from(ini)]]),
    source: "manifest",
    drift: [],
    waiting: [],
    notices: [],
  },
  rejected: {},
  degraded: [],
  report: {
    feeds: [{ ...feed, state: "failing", reason: "timeout: <no> answer" }],
    entries: 3,
    changed: true,
    warnings: [],
  },
  memory: { state: "off", feeds: 0, months: 0, forgotten: "" },
  nodeVersion: "v18.20.4",
  now: new Date("2026-03-01T12:00:00Z"),
};
const rejected = { "planet.ini": { sha256: "e".repeat(64), at: "t", line: 3, code: "c", message: "<m>", digest: "d" } };
const degraded = [{ name: "", code: "render", message: "no" }];

describe("status.json", () => {
  test("is what readiness asks for", () => {
    const { release, generated_at, next_sync, counts } = statusOf(facts);
    expect({ release, generated_at, next_sync }).toEqual({
      release: "0a1b2c3d",
      generated_at: "2026-03-01T12:00:00.000Z",
      next_sync: "2026-03-01T12:00:10.000Z",
    });
    expect(counts).toEqual({ feeds: 1, ok: 0, failing: 1, gone: 0, never: 0, entries: 3 });
  });

  test("gives the version of this project", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    expect(statusOf(facts).engine.version).toBe(version);
  });

  test.each([
    ["ok", {}],
    ["degraded", { degraded }],
    ["rejected", { degraded, rejected }],
  ])("says %s", (state, more) => expect(statusOf({ ...facts, ...more }).state).toBe(state));

  test("lists the warnings of the planet.ini in effect and nothing of the settings", () => {
    const status = statusOf(facts);
    expect(status.warnings).toEqual([expect.stringMatching(/^planet\.ini:4: warning: "cache_directory"/)]);
    expect(JSON.stringify(status)).not.toContain("10.0.0.1");
  });
});

test("feeds.html names the file of a problem", () => {
  const closed = { name: "planet.css", code: "live-forbidden", message: "http 403" };
  const page = feedsPage(statusOf({ ...facts, degraded: [closed, ...degraded] }), PLAIN_STYLE);
  expect(page).toContain("<li>planet.css: live-forbidden: http 403</li>\n<li>render: no</li>");
});

test("feeds.html escapes what comes from feeds and edits", () => {
  const page = feedsPage(statusOf({ ...facts, rejected }), PLAIN_STYLE);
  expect(page).toContain("<h1>P &amp; Q</h1>");
  expect(page).toContain("&lt;A&gt;");
  expect(page).toContain("&lt;no&gt; answer");
  expect(page).toContain("planet.ini, line 3: &lt;m&gt;");
  expect(page).not.toMatch(/<A>|<m>|<no>/);
});
