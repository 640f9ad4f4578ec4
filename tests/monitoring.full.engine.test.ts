import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { StatusJson } from "@planet/content";
import { metrics } from "../packages/aggregator/sync/metrics.ts";

// Proves docs/monitoring.md's examples with Debian's own programs, which are unpacked and not installed: Prometheus' checker,
// jq. Not that somebody is told.
const run = promisify(execFile);
let folder: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "planet-monitoring-"));
  await run("apt-get", ["-q", "download", "prometheus", "jq", "libjq1", "libonig5"], { cwd: folder });
  for (const name of await readdir(folder)) await run("dpkg", ["-x", name, "root"], { cwd: folder });
  const { stdout } = await run("dpkg-architecture", ["-qDEB_HOST_MULTIARCH"]).catch(() => ({ stdout: "" }));
  const libraries = join(folder, "root/usr/lib", stdout.trim() || "x86_64-linux-gnu");
  const PATH = [join(folder, "root/usr/bin"), process.env.PATH].join(delimiter);
  environment = { ...process.env, PATH, LD_LIBRARY_PATH: libraries };
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const now = Date.now();
const feed = { url: "http://a.example/", name: "A", failures: 0, entries: 1, repaired: false, ms: 1, bytes: 1 };

const certificate: NonNullable<StatusJson["certificate"]> = { state: "on", names: ["p.example"] };

function statusOf(more: Partial<StatusJson> = {}): StatusJson {
  return {
    ...{ schema: 1, planet: 'The "Planet"\\\nof us', stack: "prod", release: "7cf675d4", state: "ok" },
    engine: { version: "0.1.0", sha256: "e".repeat(64), node: "v20.19.2" },
    content: { digest: "d".repeat(64), id: "dddddddd", applied_at: "2026-03-01T11:00:00.000Z", source: "manifest" },
    boot: { instance_id: "i-1" },
    generated_at: new Date(now - 10_000).toISOString(),
    next_sync: new Date(now + 290_000).toISOString(),
    ...{ drift: [], waiting: [], rejected: [], degraded: [], warnings: [] },
    counts: { feeds: 2, ok: 1, failing: 1, gone: 0, never: 0, entries: 42 },
    feeds: [
      { ...feed, state: "ok", needs_attention: false },
      { ...feed, state: "failing", needs_attention: false },
    ],
    memory: { state: "off", feeds: 0, months: 0, forgotten: "" },
    ...more,
  };
}

/** What a program says of a text that it gets. */
function fed(
  program: string,
  args: readonly string[],
  input: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
    child.stdin.on("error", () => undefined).end(input); // one that does not read may have ended
  });
}

test("promtool finds nothing to say about /metrics", async () => {
  expect(await fed("promtool", ["check", "metrics"], metrics(statusOf()))).toEqual({ code: 0, output: "" });
});

test("the alerts are rules of Prometheus", async () => {
  const { stdout } = await run("promtool", ["check", "rules", "docs/examples/planet-alerts.yml"], { env: environment });
  expect(stdout).toMatch(/SUCCESS: 7 rules found/);
  const named = (await readFile("docs/examples/planet-alerts.yml", "utf8")).matchAll(/planet_\w+/g);
  for (const [name] of named) expect(metrics(statusOf({ certificate }))).toContain(`# TYPE ${name} gauge`);
});

/** By metric, as promtool writes series: one value a minute, for two hours. */
const WELL: Readonly<Record<string, string>> = {
  up: "1x120",
  planet_generated_timestamp_seconds: "0+60x120",
  planet_next_sync_timestamp_seconds: "300+60x120",
  'planet_feeds{state="ok"}': "1x120",
  'planet_feeds{state="failing"}': "1x120",
  planet_feeds_needing_attention: "0x120",
  planet_rejected_edits: "0x120",
  planet_degraded_parts: "0x120",
  planet_certificate_days: "30x120",
};
const seriesOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, numbers]) => {
    const [, metric, labels = ""] = /^(\w+)(?:\{(.*)\})?$/.exec(name) ?? [];
    const all = ['instance="p.example"', 'job="planet"', ...(labels === "" ? [] : [labels])];
    return { series: `${metric}{${all.join(",")}}`, values: numbers };
  });

test("each alert comes in time, alone, and none while all is well", async () => {
  const text = await readFile("docs/examples/planet-alerts.yml", "utf8");
  const summaries = new Map(
    [...text.matchAll(/- alert: (\w+)[\s\S]*?summary: "([^"]*)"/g)].map(([, name = "", summary = ""]) => [
      name,
      summary,
    ]),
  );
  const cases: [alert: string, changes: Readonly<Record<string, string>>, minutes: [not: number, but: number]][] = [
    ["PlanetDoesNotAnswer", { up: "1x10 0x110" }, [14, 17]],
    [
      "PlanetIsStale",
      {
        planet_generated_timestamp_seconds: "0+60x10 600x110",
        planet_next_sync_timestamp_seconds: "300+60x10 900x110",
      },
      [24, 32],
    ],
    ["PlanetReadsNoFeed", { 'planet_feeds{state="ok"}': "0x120" }, [29, 31]],
    ["PlanetFeedNeedsAttention", { planet_feeds_needing_attention: "1x120" }, [-1, 1]],
    ["PlanetEditRejected", { planet_rejected_edits: "1x120" }, [-1, 1]],
    ["PlanetIsDegraded", { planet_degraded_parts: "1x120" }, [59, 61]],
    ["PlanetCertificateEnds", { planet_certificate_days: "9x120" }, [59, 61]],
  ];
  expect(cases.map(([alert]) => alert)).toEqual([...summaries.keys()]);
  const alertAt = (alertname: string, minutes: number, alerts: readonly object[]) => ({
    ...{ eval_time: `${minutes}m`, alertname, exp_alerts: alerts },
  });
  const quiet = (minutes: number) => [...summaries.keys()].map((name) => alertAt(name, minutes, []));
  const tests = [
    { interval: "1m", input_series: seriesOf(WELL), alert_rule_test: quiet(119) },
    ...cases.map(([alert, changes, [not, but]]) => {
      const value = /^\d+/.exec(Object.values(changes)[0] ?? "")?.[0] ?? "";
      const labels = alert === "PlanetReadsNoFeed" ? {} : { job: "planet" };
      const summary = summaries
        .get(alert)
        ?.replace("{{ $labels.instance }}", "p.example")
        .replace("{{ $value }}", value);
      const fires = [{ exp_labels: { instance: "p.example", ...labels }, exp_annotations: { summary } }];
      const others = quiet(but).filter(({ alertname }) => alertname !== alert);
      const before = not < 0 ? [] : [alertAt(alert, not, [])];
      return {
        interval: "1m",
        input_series: seriesOf({ ...WELL, ...changes }),
        alert_rule_test: [...before, alertAt(alert, but, fires), ...others],
      };
    }),
  ];
  const file = join(folder, "alerts.test.yml");
  const rules = { rule_files: [resolve("docs/examples/planet-alerts.yml")], evaluation_interval: "1m", tests };
  await writeFile(file, JSON.stringify(rules)); // JSON is YAML
  expect(await fed("promtool", ["test", "rules", file], "")).toMatchObject({
    code: 0,
    output: expect.stringContaining("SUCCESS"),
  });
});

const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const counts = statusOf().counts;

test.each<[string, Partial<StatusJson> | string, number, RegExp]>([
  ["all well", {}, 0, /^OK: 7cf675d4 serves 42 entries, 1 of 2 feeds answer\n$/],
  [
    "a stale page",
    { generated_at: minutesAgo(20), next_sync: minutesAgo(15) },
    2,
    /^CRITICAL: the page is 12\d\d s old/,
  ],
  ["no feed", { counts: { ...counts, ok: 0 } }, 2, /^CRITICAL: .*0 of 2 feeds/],
  ["a rejected edit", { state: "rejected" }, 1, /^WARNING: rejected/],
  ["an old failure", { feeds: [{ ...feed, state: "failing", needs_attention: true }] }, 1, /^WARNING: a feed needs/],
  [
    "a certificate that ends",
    { certificate: { ...certificate, not_after: minutesAgo(-9_000) } },
    1,
    /valid for 6 more/,
  ],
  ["a certificate with time", { certificate: { ...certificate, not_after: minutesAgo(-90_000) } }, 0, /^OK/],
  ["a host without a certificate", { certificate: { ...certificate, state: "none" } }, 1, /valid for 0 more/],
  ["another page", "<html>", 3, /^UNKNOWN/],
])("check_planet: %s", async (_, status, code, words) => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/status.json" ? 200 : 404;
    response.end(typeof status === "string" ? status : JSON.stringify(statusOf(status)));
  });
  const url = await listen(server);
  const result = await fed("docs/examples/check_planet", [url], "");
  server.close();
  expect(result).toEqual({ code, output: expect.stringMatching(words) });
});

test("check_planet: without an address nothing is known", async () => {
  expect(await fed("docs/examples/check_planet", [], "")).toEqual({
    ...{ code: 3, output: "UNKNOWN: usage: check_planet http://planet.example.org/\n" },
  });
});

test("check_planet: nobody answers", async () => {
  const server = createServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await fed("docs/examples/check_planet", [url], "")).toEqual({
    code: 2,
    output: expect.stringMatching(/^CRITICAL: curl/),
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
