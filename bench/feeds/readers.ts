import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildBundle } from "../../packages/aggregator/bundle.ts";
import { memoryLimits } from "../../packages/aggregator/install/memory.ts";
import { World } from "../../packages/aggregator/sync/testing/world.ts";

/** A program that reads the same feeds again and again. */
export interface Reader {
  readonly name: string;
  /** Forgets everything. */
  reset(): void;
  /** The time until feeds are asked again has passed. */
  makeDue(): void;
  start(): ChildProcess;
  remove(): Promise<void> | void;
}

const folderOf = (name: string) => mkdtempSync(path.join(tmpdir(), `planet-bench-${name}-`));

/** What a server runs: the bundle under `node`, with its content in a bucket. It also builds and publishes the whole site. */
export async function engine(
  urls: readonly string[],
  node: string,
  memoryBytes = totalmem(),
): Promise<Reader & { readonly cache: string }> {
  const world = await new World().start();
  const sections = urls.map((url, index) => `[${url}]\nname = Blog ${index}\n`);
  world.deploy({ "planet.ini": `[Planet]\nname = Bench\nlink = http://planet.test/\n${sections.join("")}` });
  const bundle = path.join(world.home, "planet.cjs");
  writeFileSync(bundle, (await buildBundle()).bytes);
  world.environment = { PLANET_ALLOW_HOSTS: "127.0.0.0/8" };
  return {
    name: "planet",
    cache: world.settings.places.cache,
    reset() {
      for (const name of readdirSync(world.home)) {
        if (name !== "planet.cjs") rmSync(path.join(world.home, name), { recursive: true });
      }
    },
    makeDue() {
      for (const name of readdirSync(world.settings.places.cache, { recursive: true, encoding: "utf8" })) {
        const file = path.join(world.settings.places.cache, name);
        if (!name.endsWith(".json")) continue;
        writeFileSync(file, readFileSync(file, "utf8").replace(/"nextTry":\d+/, '"nextTry":0'));
      }
    },
    start: () =>
      spawn(node, [...memoryLimits(memoryBytes).nodeOptions, bundle, "sync"], {
        env: { PATH: process.env.PATH, ...world.variables },
      }),
    remove: () => world.stop(),
  };
}

/** A terminal reader in C++, known to be quick: it fetches, parses and stores in SQLite, and builds no site. */
export function newsboat(urls: readonly string[]): Reader | string {
  if (spawnSync("newsboat", ["-v"]).error) return "there is no `newsboat` on the PATH (Debian's package newsboat)";
  const folder = folderOf("newsboat");
  const [list, config, cache] = ["urls", "config", "cache.db"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(list, urls.join("\n"));
  writeFileSync(config, "reload-threads 10\nsuppress-first-reload yes\n");
  return {
    name: "newsboat",
    reset: () => rmSync(cache, { force: true }),
    makeDue() {},
    start: () => spawn("newsboat", ["-C", config, "-u", list, "-c", cache, "-x", "reload"]),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What a planet in Python does: a pool of processes, one for each core, that fetch and parse. It builds no site. */
export function feedparserPool(urls: readonly string[]): Reader | string {
  if (spawnSync("python3", ["-c", "import feedparser"]).status !== 0)
    return "python3 has no feedparser (pip install feedparser)";
  const folder = folderOf("feedparser");
  const [list, state] = [path.join(folder, "urls"), path.join(folder, "state.json")];
  writeFileSync(list, urls.join("\n"));
  const program = fileURLToPath(new URL("feedparser_pool.py", import.meta.url));
  return {
    name: "feedparser",
    reset: () => rmSync(state, { force: true }),
    makeDue() {},
    start: () => spawn("python3", [program, list, state]),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
