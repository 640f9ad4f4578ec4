import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { buildBundle } from "../bundle.ts";
import { type FeedServer, rssOf, startFeedServer } from "../fetch/testing/feedServer.ts";
import { World } from "./testing/world.ts";

// The real bundle in a process of its own, ended by SIGKILL at random moments, as by a power cut or the kernel's OOM killer.

/** `FUZZ_RUNS=200 npm run test:unit -- killed` tries more moments (some four minutes). */
const KILLS = Number(process.env.FUZZ_RUNS ?? 8);
const LONGEST_RUN_MS = 900;

const world = new World();
let feeds: FeedServer;
let bundle: string;

beforeAll(async () => {
  await world.start();
  world.environment = { PLANET_ALLOW_HOSTS: "127.0.0.0/8" };
  feeds = await startFeedServer();
  feeds.on("/a", (_request, response) => response.end(rssOf("one", "two")));
  bundle = join(world.home, "planet.cjs");
  await writeFile(bundle, (await buildBundle()).bytes);
}, 60_000);
afterAll(async () => {
  await world.stop();
  await feeds.close();
});

test(
  "a sync that is killed at any moment leaves one whole release served, and the next one goes on",
  async () => {
    const deploy = (version: number) =>
      world.deploy({
        "planet.ini": `[Planet]\nname = Version ${version}\nlink = http://planet.test/\n[${feeds.origin}/a]\nname = A\n`,
        "planet.css": `/* ${version} */\n`,
        "about.md": `# About ${version}\n`,
      });
    deploy(0);
    expect(await sync()).toBe(0);
    let served = await servedVersion();
    for (const [index, afterMs] of fc.sample(fc.integer({ min: 1, max: LONGEST_RUN_MS }), KILLS).entries()) {
      const wanted = index + 1;
      deploy(wanted);
      await sync(afterMs);
      const now = await servedVersion();
      expect([served, wanted]).toContain(now);
      served = now;
    }
    expect(await sync()).toBe(0);
    expect(await servedVersion()).toBe(KILLS);
    // Nothing piles up: what is served, the build before it, and the link.
    expect((await readdir(join(world.home, "www"))).length).toBeLessThanOrEqual(3);
    expect((await readdir(join(world.home, "contents"))).length).toBeLessThanOrEqual(3);
    expect((await readdir(world.home, { recursive: true })).filter((name) => name.includes(".part"))).toEqual([]);
    expect((await readdir(world.home)).filter((name) => name.startsWith("sync.lock"))).toEqual([]);
  },
  60_000 + KILLS * 3_000,
);

/** The exit code; undefined when it was killed. */
async function sync(killAfterMs?: number): Promise<number | undefined> {
  const child = spawn(process.execPath, [bundle, "sync"], { env: world.variables, stdio: "ignore" });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  return code ?? undefined;
}

/** Every page is whole and says the same version. */
async function servedVersion(): Promise<number> {
  const folder = join(world.home, "www", "current");
  const read = (name: string) => readFile(join(folder, name), "utf8");
  const versions = new Set<number>();
  const seen = (text: string, pattern: RegExp) => versions.add(Number(pattern.exec(text)?.[1] ?? Number.NaN));
  seen(await read("index.html"), /<title>Version (\d+)<\/title>[\s\S]*<\/html>\s*$/);
  seen(await read("feeds.html"), /<title>[^<]*Version (\d+)<\/title>[\s\S]*<\/html>\s*$/);
  seen(await read("atom.xml"), /<title>Version (\d+)<\/title>[\s\S]*<\/feed>\s*$/);
  seen(await read("about.html"), /About (\d+)[\s\S]*<\/html>\s*$/);
  seen(await read("planet.css"), /^\/\* (\d+) \*\/\n$/);
  seen(await read("status.json"), /"planet": "Version (\d+)"[\s\S]*\}\s*$/);
  for (const name of await readdir(folder, { recursive: true })) {
    if (name.endsWith(".html")) expect((await stat(join(folder, name))).size).toBeGreaterThan(0);
  }
  expect([...versions]).toEqual([expect.any(Number)]);
  return [...versions][0] ?? Number.NaN;
}
