import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import type { StatusFeed, StatusJson } from "@planet/content";
import { metrics } from "./metrics.ts";

const feed = (state: StatusFeed["state"], needs_attention = false): StatusFeed => ({
  ...{ url: "http://a.example/f", name: "A", state, failures: 0, needs_attention },
  ...{ entries: 1, repaired: false, ms: 1, bytes: 1 },
});

const STATUS: StatusJson = {
  ...{ schema: 1, planet: 'P "\\\nQ', stack: "prod", release: "7cf675d4", state: "degraded" },
  engine: { version: "0.1.0", sha256: "e".repeat(64), node: "v20.19.2" },
  content: { digest: "d".repeat(64), id: "dddddddd+edit.1", applied_at: "2026-03-01T11:00:00.000Z", source: "edit" },
  boot: { instance_id: "i-1" },
  ...{ generated_at: "2026-03-01T12:00:00.500Z", next_sync: "2026-03-01T12:05:00.500Z" },
  drift: [],
  waiting: [],
  rejected: [],
  degraded: [{ name: "", code: "render", message: "no" }],
  counts: { feeds: 4, ok: 2, failing: 1, gone: 1, never: 0, entries: 42 },
  feeds: [feed("ok"), feed("unchanged"), feed("failing", true), feed("gone")],
  warnings: [],
  memory: { state: "off", feeds: 0, months: 0, forgotten: "" },
};

test("/metrics is the text that was reviewed; tests/monitoring.full.test.ts shows it to promtool", () => {
  expect(metrics(STATUS)).toBe(`# HELP planet_info What is served, in labels; always 1.
# TYPE planet_info gauge
planet_info{planet="P \\"\\\\\\nQ",stack="prod",release="7cf675d4",content="dddddddd+edit.1",instance="i-1",engine="0.1.0"} 1
# HELP planet_generated_timestamp_seconds When the page was made or looked at last; its age is time() minus this.
# TYPE planet_generated_timestamp_seconds gauge
planet_generated_timestamp_seconds 1772366400.5
# HELP planet_next_sync_timestamp_seconds When the next look is due.
# TYPE planet_next_sync_timestamp_seconds gauge
planet_next_sync_timestamp_seconds 1772366700.5
# HELP planet_state 1 for the state that holds: ok, degraded (something works only in part) or rejected (an edit was not taken).
# TYPE planet_state gauge
planet_state{state="ok"} 0
planet_state{state="degraded"} 1
planet_state{state="rejected"} 0
# HELP planet_feeds Feeds by state.
# TYPE planet_feeds gauge
planet_feeds{state="ok"} 1
planet_feeds{state="unchanged"} 1
planet_feeds{state="moved"} 0
planet_feeds{state="failing"} 1
planet_feeds{state="gone"} 1
planet_feeds{state="never"} 0
# HELP planet_feeds_needing_attention Feeds that have been failing for longer than report_after of planet.ini.
# TYPE planet_feeds_needing_attention gauge
planet_feeds_needing_attention 1
# HELP planet_entries Entries on the page.
# TYPE planet_entries gauge
planet_entries 42
# HELP planet_live_edits Files that were edited in the bucket.
# TYPE planet_live_edits gauge
planet_live_edits 0
# HELP planet_rejected_edits Edits that were not taken.
# TYPE planet_rejected_edits gauge
planet_rejected_edits 0
# HELP planet_degraded_parts Parts that work only in part.
# TYPE planet_degraded_parts gauge
planet_degraded_parts 1
`);
});

const CERTIFICATE: NonNullable<StatusJson["certificate"]> = { state: "on", names: ["p.example.org"] };

test.each<[string, StatusJson["certificate"], string]>([
  ["no host", undefined, ""],
  ["no certificate", { ...CERTIFICATE, state: "none" }, "planet_certificate_days 0"],
  ["a month left", { ...CERTIFICATE, not_after: "2026-03-31T12:00:00.500Z" }, "planet_certificate_days 30"],
  ["half a day too late", { ...CERTIFICATE, not_after: "2026-03-01T00:00:00.500Z" }, "planet_certificate_days -0.5"],
])("the days of the certificate with %s", (_, certificate, line) => {
  const text = metrics({ ...STATUS, ...(certificate && { certificate }) });
  expect(/^planet_certificate_days .*$/m.exec(text)?.[0] ?? "").toBe(line);
});

test("docs/monitoring.md names each metric", () => {
  const page = readFileSync("docs/monitoring.md", "utf8");
  for (const [, name = ""] of metrics({ ...STATUS, certificate: CERTIFICATE }).matchAll(/^# TYPE (\S+) gauge$/gm))
    expect(page).toContain(`\`${name}\``);
});
