import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
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
    child.stdin.end(input);
  });
}

test("promtool finds nothing to say about /metrics", async () => {
  expect(await fed("promtool", ["check", "metrics"], metrics(statusOf()))).toEqual({ code: 0, output: "" });
});

test("the alerts are rules of Prometheus", async () => {
  const { stdout } = await run("promtool", ["check", "rules", "docs/examples/planet-alerts.yml"], { env: environment });
  expect(stdout).toMatch(/SUCCESS: 5 rules found/);
  const named = (await readFile("docs/examples/planet-alerts.yml", "utf8")).matchAll(/planet_\w+/g);
  for (const [name] of named) expect(metrics(statusOf())).toContain(`# TYPE ${name} gauge`);
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
