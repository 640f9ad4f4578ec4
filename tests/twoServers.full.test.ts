import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { buildBundle } from "../packages/aggregator/bundle.ts";
import { type FeedServer, startFeedServer } from "../packages/aggregator/fetch/testing/feedServer.ts";
import { recordName } from "../packages/aggregator/memory/storedRecord.ts";
import { writePermit } from "../packages/content/index.ts";
import { startTestCloud, type TestCloud } from "../packages/local-cloud/testing/testCloud.ts";
import { PlanetBucket } from "./harness/planetBucket.ts";
import type { SyncProcess } from "./harness/syncProcess.ts";

// Two servers that see different entries of the same feeds write one memory at the same time, as while one is rolled, but for
// minutes: each document has one entry that no other has, so an entry is known to one server alone. Whole syncs, each in a
// process of its own, on the storage of a local cloud. Their machines are not there.

const MINUTES = 10;
/** Of each server at least, however slow the machine is. */
const RUNS = 5 * MINUTES;
/** An interval of the planet is a second here. */
const SPEED = 1_200;
const START = Date.parse("2026-05-30T12:00:00Z");
const BLOGS = ["ann", "bob", "cid", "dan", "eve", "fay"];

let cloud: TestCloud;
let feeds: FeedServer;
let folder: string;
let bucket: PlanetBucket;
/** Titles that were served, by blog. */
let served: Map<string, string[]>;
let isOver: boolean;

beforeEach(async () => {
  [cloud, feeds] = [await startTestCloud(), await startFeedServer()];
  folder = mkdtempSync(join(tmpdir(), "planet-two-"));
  bucket = await PlanetBucket.create(cloud);
  [served, isOver] = [new Map(BLOGS.map((blog) => [blog, []])), false];
  for (const blog of BLOGS) serveAnother(blog);
}, 60_000);
afterEach(async () => {
  await Promise.all([cloud.close(), feeds.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Each document has one entry, and no two the same; at the end nothing is new. */
function serveAnother(blog: string): void {
  feeds.on(`/${blog}`, (_request, response) => {
    if (isOver) return response.writeHead(304).end();
    const titles = served.get(blog) ?? [];
    const title = `${blog} ${titles.length}.`;
    titles.push(title);
    const date = new Date(START + titles.length * 60_000).toUTCString();
    const item = `<item><title>${title}</title><link>http://${blog}.test/${titles.length}</link><pubDate>${date}</pubDate></item>`;
    const head = `<title>${blog}</title><link>http://${blog}.test/</link>`;
    return response.writeHead(200).end(`<rss version="2.0"><channel>${head}${item}</channel></rss>`);
  });
}

async function stored(name: string): Promise<string> {
  const answer = await fetch(`${bucket.url}/memory/${name}`);
  return answer.status === 200 ? gunzipSync(Buffer.from(await answer.arrayBuffer())).toString() : "";
}

class Server {
  readonly #process: ChildProcess;
  readonly #journal: string;

  constructor(name: string, bundle: string, begin: number) {
    const credentials = join(folder, `${name}-credentials`);
    mkdirSync(credentials);
    writeFileSync(join(credentials, "memory"), writePermit(bucket.permit("memory/")));
    this.#journal = join(folder, `${name}.log`);
    writeFileSync(this.#journal, "");
    const told: SyncProcess = {
      environment: {
        ...{ PLANET_BUCKET_URL: bucket.url, PLANET_STACK: "local", PLANET_RELEASE: "0a1b2c3d", PLANET_RETRY: "0" },
        ...{ PLANET_HOME: join(folder, name), PLANET_ALLOW_HOSTS: "127.0.0.0/8", PLANET_INTERVAL: "10" },
        CREDENTIALS_DIRECTORY: credentials,
      },
      ...{ bundle, journal: this.#journal, clock: { start: START, begin, speed: SPEED } },
    };
    const program = fileURLToPath(new URL("./harness/syncProcess.ts", import.meta.url));
    this.#process = spawn(process.execPath, [program, JSON.stringify(told)], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  get lines(): string[] {
    return readFileSync(this.#journal, "utf8").split("\n");
  }

  get runs(): number {
    return this.lines.filter((line) => line.startsWith("run: ")).length;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  end(): void {
    this.#process.kill("SIGKILL");
  }
}

test(
  `two servers write the memory of one planet for ${MINUTES} minutes: no entry that either has seen is lost`,
  async () => {
    const bundle = join(folder, "planet.cjs");
    writeFileSync(bundle, (await buildBundle()).bytes);
    const sections = BLOGS.map((blog) => `[${feeds.origin}/${blog}]\nname = ${blog}\n`);
    await bucket.deploy(`[Planet]\nname = Two\nlink = http://planet.test/\nitems_per_page = 20\n${sections.join("")}`);
    const begin = Date.now();
    const servers = ["one", "two"].map((name) => new Server(name, bundle, begin));
    try {
      const isLong = () => Date.now() >= begin + MINUTES * 60_000 && servers.every(({ runs }) => runs > RUNS);
      while (!isLong()) {
        await delay(1_000);
        expect(servers.map(({ isRunning }) => isRunning)).toEqual([true, true]);
      }
      isOver = true;
      const runs = servers.map((server) => server.runs);
      // What was written last is read again until it was seen whole twice; then nothing changes any more.
      while (servers.some((server, index) => server.runs < (runs[index] ?? 0) + 4)) await delay(500);
    } finally {
      for (const server of servers) server.end();
    }

    const known = (
      await Promise.all(["2026-05", "2026-06", "undated"].map((month) => stored(`archive/${month}.json.gz`)))
    ).join();
    const all = [...served.values()].flat();
    expect(all.length).toBeGreaterThan(BLOGS.length * RUNS * 2);
    expect(all.filter((title) => !known.includes(`"${title}"`))).toEqual([]);
    for (const [blog, titles] of served) {
      const record = await stored(recordName(`${feeds.origin}/${blog}`));
      expect(titles.slice(-20).filter((title) => !record.includes(`"${title}"`))).toEqual([]);
    }
    for (const server of servers) {
      expect(server.lines.filter((line) => /memory-un/.test(line))).toEqual([]);
    }
  },
  6 * MINUTES * 60_000,
);
