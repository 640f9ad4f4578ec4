import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { entryKeys } from "../packages/aggregator/archive/keys.ts";
import { buildSite } from "../packages/aggregator/build/buildSite.ts";
import { buildBundle } from "../packages/aggregator/bundle.ts";
import { type FeedServer, startFeedServer } from "../packages/aggregator/fetch/testing/feedServer.ts";
import { LEASE_NAME, type Lease } from "../packages/aggregator/memory/lease.ts";
import { Memory } from "../packages/aggregator/memory/memory.ts";
import { recordName } from "../packages/aggregator/memory/storedRecord.ts";
import { runSync } from "../packages/aggregator/sync/runSync.ts";
import { readSettings } from "../packages/aggregator/sync/settings.ts";
import { bucketStore } from "../packages/cli/stack/bucketStore.ts";
import { realMemoryEdges } from "../packages/cli/verbs/memory/edges.ts";
import { createMemoryCommand } from "../packages/cli/verbs/memory/memoryCommand.ts";
import {
  type Permit,
  readStatusJson,
  type ServedStatus,
  type StatusJson,
  sha256Of,
  writePermit,
} from "../packages/content/index.ts";
import { startTestCloud, type TestCloud } from "../packages/local-cloud/testing/testCloud.ts";
import { PlanetBucket } from "./harness/planetBucket.ts";

// Whole syncs with real feeds, on the storage of a local cloud; a server is a home folder, its machine is not there.

const LIMIT_MS = 120_000;
const START = Date.parse("2026-05-18T12:00:00Z");
let cloud: TestCloud;
let feeds: FeedServer;
let folder: string;
let clock: number;
let log: string[];
let bucket: PlanetBucket;
let permit: Permit;

/** Reader threads start from the bundle, as on a server: from the sources each needs a second of the processor's time. */
beforeAll(async () => {
  const file = join(mkdtempSync(join(tmpdir(), "planet-bundle-")), "planet.cjs");
  writeFileSync(file, (await buildBundle()).bytes);
  Object.assign(globalThis, { __filename: file });
});
afterAll(() => {
  rmSync(dirname(Reflect.get(globalThis, "__filename")), { recursive: true });
  Reflect.deleteProperty(globalThis, "__filename");
});

beforeEach(async () => {
  [cloud, feeds] = [await startTestCloud(), await startFeedServer()];
  folder = mkdtempSync(join(tmpdir(), "planet-memory-"));
  [clock, log] = [START, []];
  bucket = await PlanetBucket.create(cloud);
  permit = bucket.permit("memory/");
});
afterEach(async () => {
  await Promise.all([cloud.close(), feeds.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const deploy = (...sections: readonly string[]) =>
  bucket.deploy(`[Planet]\nname = Memory\nlink = http://planet.test/\n${sections.join("\n")}`);

interface Server {
  readonly home: string;
  /** One run, some minutes after the one before. */
  sync(minutes?: number): Promise<StatusJson>;
  /** Every file of the page, without the reports about this server. */
  page(): Record<string, string>;
}

function newServer(name: string, hasPermit = true, more: Record<string, string> = {}): Server {
  const [home, credentials] = [join(folder, name), join(folder, `${name}-credentials`)];
  mkdirSync(credentials, { recursive: true });
  if (hasPermit) writeFileSync(join(credentials, "memory"), writePermit(permit));
  const settings = readSettings({
    PLANET_BUCKET_URL: bucket.url,
    PLANET_STACK: "local",
    PLANET_RELEASE: "0a1b2c3d",
    PLANET_HOME: home,
    PLANET_RETRY: "0",
    PLANET_ALLOW_HOSTS: "127.0.0.0/8",
    PLANET_INTERVAL: "10",
    CREDENTIALS_DIRECTORY: credentials,
    ...more,
  });
  const current = join(home, "www/current");
  return {
    home,
    async sync(minutes = 20) {
      clock += minutes * 60_000;
      await runSync(settings, {
        buildSite: (request) => buildSite({ ...request, spacingMs: 0 }),
        openMemory: (facts) => Memory.open(facts),
        log: (line) => log.push(line),
        clock: () => new Date(clock),
        pause: async () => undefined,
      });
      const status: StatusJson = JSON.parse(readFileSync(join(current, "status.json"), "utf8"));
      // On a busy machine a reader thread may start too late for its feed.
      const isLate = status.feeds.some(({ reason }) => reason?.startsWith("worker:"));
      return isLate ? this.sync() : status;
    },
    page() {
      const names = readdirSync(current, { recursive: true, encoding: "utf8" }).filter((each) => /\.\w+$/.test(each));
      const shown = names.filter((each) => !/^(?:status\.json|feeds\.html|feeds-status\.xml)$/.test(each)).sort();
      return Object.fromEntries(shown.map((each) => [each, readFileSync(join(current, each), "latin1")]));
    },
  };
}

const item = (blog: string, name: string, more = "") =>
  `<item><title>${name} of ${blog}</title><link>http://${blog}.test/${name}</link>
  <guid isPermaLink="false">${blog}-${name}</guid><description>Text of ${name}</description>${more}</item>`;
const dated = (days: number) => `<pubDate>${new Date(START - days * 86_400_000).toUTCString()}</pubDate>`;

/** The blog's feed from now on; undefined: it is down. */
function serve(blog: string, items: readonly string[] | undefined): void {
  const body = `<rss version="2.0"><channel><title>${blog}</title><link>http://${blog}.test/</link>${items?.join("")}</channel></rss>`;
  feeds.on(`/${blog}`, (request, response) => {
    if (items === undefined) return response.writeHead(500).end();
    if (request.headers["if-none-match"] === sha256Of(body)) return response.writeHead(304).end();
    return response.writeHead(200, { ETag: sha256Of(body) }).end(body);
  });
}
const section = (blog: string, keys = "") => `[${feeds.origin}/${blog}]\nname = ${blog}\n${keys}\n`;
const objectOf = (blog: string) => `memory/${recordName(`${feeds.origin}/${blog}`)}`;

/** What anybody can read of the bucket. */
async function stored(name: string): Promise<string> {
  const answer = await fetch(`${bucket.url}/${name}`);
  return answer.status === 200
    ? gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()
    : `http ${answer.status}`;
}

/** Two blogs, a short feed that has pushed out its first entries, and an undated one. */
async function oldServer(): Promise<Server> {
  await deploy(section("ann"), section("bob"));
  serve("ann", [item("ann", "one", dated(90)), item("ann", "zero", dated(100))]);
  serve("bob", [item("bob", "alpha")]);
  const server = newServer("old");
  await server.sync();
  serve("ann", [item("ann", "three", dated(1)), item("ann", "two", dated(40))]);
  serve("bob", [item("bob", "beta"), item("bob", "alpha")]);
  for (let run = 0; run < 3; run += 1) await server.sync();
  return server;
}

describe("a new server with an empty disk", () => {
  test(
    "has the page of the one before, byte for byte, with archive and places, though a blog is down, and asks no blog for more than news",
    async () => {
      const old = await oldServer();
      const before = old.page();
      expect(before["index.html"]).toContain("one of ann");
      expect(Object.keys(before).filter((name) => name.startsWith("archive/")).length).toBeGreaterThan(3);
      const status = await old.sync(1);
      expect(status.memory).toMatchObject({ state: "on", feeds: 2, months: expect.any(Number) });
      expect(status.memory.months).toBeGreaterThan(2);
      serve("bob", undefined);
      const fresh = newServer("new");
      const asked = feeds.requests.length;
      const first = await fresh.sync(20);
      expect(fresh.page()).toEqual(before);
      expect(first).toMatchObject({ state: "ok", memory: { state: "on" } });
      expect(feeds.requests.slice(asked).map(({ headers }) => "if-none-match" in headers)).toEqual([true, true]);
      // Without a permit a server has what the feeds say now.
      const other = newServer("other", false);
      expect((await other.sync(1)).memory).toMatchObject({ state: "off", feeds: 0, months: 0 });
      expect(other.page()["index.html"]).not.toContain("one of ann");
      // And after some runs, in which it has stored what it knows.
      serve("bob", [item("bob", "beta"), item("bob", "alpha")]);
      for (let run = 0; run < 2; run += 1) await fresh.sync();
      expect(fresh.page()).toEqual(before);
    },
    LIMIT_MS,
  );

  test(
    "after one of a version without a memory, as a rollback brings it, has what was there before, and the news of that time",
    async () => {
      const before = (await oldServer()).page();
      const earlier = newServer("earlier", false);
      for (let run = 0; run < 2; run += 1) await earlier.sync();
      expect(earlier.page()["index.html"]).not.toContain("one of ann");
      const forward = newServer("forward");
      await forward.sync();
      expect(forward.page()).toEqual(before);

      serve("ann", [item("ann", "four", dated(0)), item("ann", "three", dated(1))]);
      await earlier.sync();
      const again = newServer("again");
      await again.sync();
      const page = again.page()["index.html"] ?? "";
      const order = ["four of ann", "three of ann", "two of ann", "one of ann"].map((title) => page.indexOf(title));
      expect(order).toEqual([...order].sort((one, other) => one - other));
      expect(order).not.toContain(-1);
    },
    LIMIT_MS,
  );
});

/** A server with one blog, whose record is in the bucket. */
async function smallServer(keys = ""): Promise<Server> {
  await deploy(section("ann", keys));
  serve("ann", [item("ann", "two"), item("ann", "one")]);
  const server = newServer("old");
  await server.sync();
  await server.sync();
  return server;
}

describe("what goes wrong", () => {
  test(
    "objects that are cut, foreign, another feed's or a newer engine's are left alone, and the page goes on",
    async () => {
      const unusable = "it is cut, too large, or not the memory's";
      const objects: Readonly<Record<string, readonly [Buffer, string]>> = {
        ann: [gzipSync("{}").subarray(0, 9), unusable],
        bob: [Buffer.from("<html>"), unusable],
        cid: [gzipSync(JSON.stringify({ schema: 1, url: "http://b.test/" })), unusable],
        dan: [gzipSync(JSON.stringify({ schema: 2 })), "a newer engine has written it"],
      };
      await deploy(...Object.keys(objects).map((blog) => section(blog)));
      for (const [blog, [bytes]] of Object.entries(objects)) {
        serve(blog, [item(blog, "one")]);
        await bucket.put(objectOf(blog), bytes);
      }
      const server = newServer("old");
      await server.sync();
      const since = new Date(clock).toISOString();
      log.length = 0;
      const { state, degraded, memory } = await server.sync();
      expect(server.page()["index.html"]).toContain("one of dan");
      const what = { code: "memory-unreadable", message: expect.stringContaining(`; and 3 more; since ${since}`) };
      expect({ state, degraded }).toMatchObject({ state: "degraded", degraded: [what] });
      expect(memory).toMatchObject({ state: "degraded", since, message: expect.stringContaining(unusable), feeds: 0 });
      for (const [blog, [bytes, reason]] of Object.entries(objects)) {
        expect(log).toContain(`memory-unreadable: ${objectOf(blog)}: ${reason}`);
        const answer = await fetch(`${bucket.url}/${objectOf(blog)}`);
        expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
      }
    },
    LIMIT_MS,
  );

  test(
    "a permit that is revoked, and works again: said with its time, and made up for",
    async () => {
      await smallServer();
      const before = await stored(objectOf("ann"));
      expect(before).toContain("one of ann");
      serve("ann", [item("ann", "three"), item("ann", "two"), item("ann", "one")]);
      const revoked = newServer("revoked");
      writeFileSync(
        join(folder, "revoked-credentials/memory"),
        writePermit({ ...permit, signature: `${"A".repeat(27)}=` }),
      );
      await revoked.sync();
      const { memory, degraded } = await revoked.sync();
      expect(degraded).toMatchObject([
        { code: "memory-unwritable", message: expect.stringMatching(/http 403 Sig.*; since/) },
      ]);
      expect(memory).toMatchObject({ state: "degraded", since: new Date(clock).toISOString() });
      expect(JSON.stringify(memory)).not.toContain("AAAA");
      expect(await stored(objectOf("ann"))).toBe(before);
      writeFileSync(join(folder, "revoked-credentials/memory"), writePermit(permit));
      expect((await revoked.sync()).memory).toMatchObject({ state: "on" });
      expect(await stored(objectOf("ann"))).toContain("three of ann");
    },
    LIMIT_MS,
  );
});

describe("what is stored", () => {
  test(
    "has nothing of an entry that a filter holds back, or holds back from now on; shown again, it is there again",
    async () => {
      const server = await smallServer("exclude = one");
      expect(await stored(objectOf("ann"))).toContain("two of ann");
      expect(await stored(objectOf("ann"))).not.toContain("one of ann");
      await deploy(section("ann", "exclude = two"));
      await server.sync();
      const turned = await stored(objectOf("ann"));
      expect([turned.includes("one of ann"), turned.includes("two of ann")]).toEqual([true, false]);
      const fresh = newServer("new");
      await deploy(section("ann"));
      await fresh.sync();
      expect(fresh.page()["index.html"]).toContain("two of ann");
    },
    LIMIT_MS,
  );

  test(
    "is empty for a feed that planet.ini has no more",
    async () => {
      const server = await smallServer();
      serve("bob", [item("bob", "alpha")]);
      await deploy(section("bob"));
      await server.sync();
      expect(JSON.parse(await stored(objectOf("ann")))).toMatchObject({ entries: [], withdrawn: [] });
      expect(await stored(objectOf("bob"))).toContain("alpha of bob");
    },
    LIMIT_MS,
  );

  test(
    "is empty for a month that is older than planet:archiveMonths, and nobody asks for it any more",
    async () => {
      const [now, then] = ["2026-05", "2026-04"];
      await deploy(section("ann"));
      serve("ann", [item("ann", "new", dated(1)), item("ann", "past", dated(20))]);
      const server = newServer("old");
      for (let run = 0; run < 2; run += 1) await server.sync();
      expect(await stored(`memory/archive/${then}.json.gz`)).toContain("past of ann");
      const shorter = newServer("new", true, { PLANET_ARCHIVE_MONTHS: "1" });
      for (let run = 0; run < 3; run += 1) await shorter.sync();
      expect(JSON.parse(await stored(`memory/archive/${then}.json.gz`))).toMatchObject({ month: then, entries: [] });
      expect(JSON.parse(await stored(`memory/archive/${now}.json.gz`)).entries).toHaveLength(1);
      expect(Object.keys(JSON.parse(await stored("memory/index.json.gz")).months)).toEqual([now]);
    },
    LIMIT_MS,
  );

  test(
    "has nothing more of what is to be forgotten, nor has the page, though the feed still has it",
    async () => {
      const server = await smallServer();
      const hashes = entryKeys({ id: "x:none", link: "https://www.ann.test/one/" }).slice(1);
      await bucket.put("forgotten.json", JSON.stringify({ schema: 1, hashes }));
      const isThere = async (each: Server) => {
        const months = await stored("memory/archive/undated.json.gz");
        const texts = [Object.values(each.page()).join(), await stored(objectOf("ann")), months];
        return texts.map((text) => [text.includes("one of ann"), text.includes("two of ann")]);
      };
      await server.sync();
      expect(await isThere(server)).toEqual([1, 2, 3].map(() => [false, true]));
      const fresh = newServer("new");
      await fresh.sync();
      await fresh.sync();
      expect(await isThere(fresh)).toEqual([1, 2, 3].map(() => [false, true]));
    },
    LIMIT_MS,
  );

  test(
    "is forgotten by `planet memory forget`, page first; `export` shows what is left, `reset` deletes it",
    async () => {
      const server = await smallServer();
      const status = () => readFileSync(join(server.home, "www/current/status.json"), "utf8");
      const settings = { endpoint: cloud.endpoint, region: "eucalyptus", bucket: "planet" };
      const config = Object.entries(settings).map(([name, value]) => [`planet:${name}`, { value, secret: false }]);
      const outputs = { url: "http://planet.test/", address: "192.0.2.9", instanceId: "i-1", release: "0a1b2c3d" };
      const command = createMemoryCommand({
        ...realMemoryEdges,
        async read([verb, ...words]) {
          const value = verb === "config" ? Object.fromEntries(config) : outputs;
          return { code: 0, stdout: words.includes("--show-name") ? "local" : JSON.stringify(value) };
        },
        store: async (of) => bucketStore(of, cloud.cloud.credentials),
        page: async () => ({ kind: "planet", status: readStatusJson(status()) as ServedStatus, at: new Date(clock) }),
        sleep: async () => void (await server.sync(1)),
      });
      const say = (text: string) => void log.push(text);
      const context = { checkout: folder, environment: {}, out: say, err: say, shownNotices: new Set<string>() };
      const keptOf = async () => [await stored(objectOf("ann")), await stored("memory/archive/undated.json.gz")];
      expect(await command.run(["forget", "https://www.ann.test/one"], context)).toBe(0);
      const { headers } = await fetch(`${bucket.url}/forgotten.json`);
      expect(headers.get("x-amz-meta-goes-with")).toBe("bucket");
      expect(Object.values(server.page()).join()).not.toContain("one of ann");
      expect((await keptOf()).map((text) => [text.includes("one of ann"), text.includes("two of ann")])).toEqual(
        [1, 2].map(() => [false, true]),
      );
      await server.sync();
      expect((await keptOf()).join()).not.toContain("one of ann");
      const exported = join(folder, "exported");
      expect(await command.run(["export", exported], context)).toBe(0);
      expect(readdirSync(join(exported, "feeds"))).toEqual([expect.stringMatching(/^127\.0\.0\.1-[0-9a-f]{8}\.json$/)]);
      expect(readFileSync(join(exported, "archive/undated.json"), "utf8")).toContain("two of ann");
      expect(await command.run(["reset", "--yes"], context)).toBe(0);
      expect(await keptOf()).toEqual(["http 404", "http 404"]);
    },
    LIMIT_MS,
  );

  test(
    "is what two servers know that run at the same time",
    async () => {
      const old = await smallServer();
      const fresh = newServer("new");
      await fresh.sync();
      for (const [run, name] of ["a", "b", "c", "d"].entries()) {
        // A short feed: whoever is not there in time has missed it.
        serve("ann", [item("ann", name)]);
        await (run % 2 === 0 ? old : fresh).sync();
      }
      await Promise.all([old.sync(0), fresh.sync(0)]);
      const all = await stored(objectOf("ann"));
      expect(["one", "two", "a", "b", "c", "d"].filter((name) => !all.includes(`${name} of ann`))).toEqual([]);
      await old.sync();
      for (const name of ["a", "b", "c", "d"]) expect(old.page()["index.html"]).toContain(`${name} of ann`);
    },
    LIMIT_MS,
  );
});

describe("servers behind a balancer", () => {
  const several = (name: string, more: Record<string, string> = {}) =>
    newServer(name, true, { PLANET_SERVERS: "several", PLANET_INSTANCE: name, ...more });
  const holder = async () => (await (await fetch(`${bucket.url}/memory/${LEASE_NAME}`)).json()) as Lease;
  /** What the feeds were asked meanwhile. */
  const asked = async (work: () => Promise<unknown>): Promise<string[]> => {
    const before = feeds.requests.length;
    await work();
    return feeds.requests.slice(before).map(({ path }) => path.slice(1));
  };
  /** What readers get: the list of what each file was made from holds times that nobody sees. */
  const shown = (server: Server) => ({ ...server.page(), ".pages.json": undefined });
  const posts = ["three", "two", "one"].map((name) => item("ann", name));

  test(
    "ask the blogs as often as one server does, and have the same page, archive and feeds",
    async () => {
      await deploy(section("ann"), section("bob"));
      serve("ann", posts.slice(1));
      serve("bob", [item("bob", "alpha", dated(40))]);
      const [one, two, three] = [several("i-1"), several("i-2"), several("i-3")];
      const run = async () => {
        for (const each of [one, two, three]) await each.sync(7);
      };
      await one.sync();
      await one.sync();
      expect(await asked(() => two.sync())).toEqual([]);
      expect(two.page()["index.html"]).toContain("one of ann");
      await three.sync();
      serve("ann", posts);
      expect((await asked(run)).sort()).toEqual(["ann", "bob"]);
      for (let round = 0; round < 3; round += 1) await run();
      expect(one.page()["index.html"]).toContain("three of ann");
      expect([shown(two), shown(three)]).toEqual([shown(one), shown(one)]);
      // A blog that nobody has asked yet is on every page at once.
      serve("cid", [item("cid", "new")]);
      await deploy(section("ann"), section("bob"), section("cid"));
      const first = await asked(run);
      expect(first.filter((blog) => blog === "cid").length).toBeLessThanOrEqual(3);
      for (const each of [one, two, three]) expect(each.page()["index.html"]).toContain("new of cid");
      for (let round = 0; round < 3; round += 1) await run();
      expect([shown(two), shown(three)]).toEqual([shown(one), shown(one)]);
      expect(await holder()).toMatchObject({ holder: "i-1", release: "0a1b2c3d" });
    },
    LIMIT_MS,
  );

  test(
    "of which one is gone: the next one asks when the lease is over, for no more than news, and nothing is lost",
    async () => {
      await deploy(section("ann"));
      serve("ann", posts.slice(1));
      const [one, two] = [several("i-1"), several("i-2")];
      await one.sync();
      await two.sync();
      await one.sync();
      await two.sync();
      serve("ann", posts);
      expect(await asked(() => two.sync())).toEqual([]);
      const lease = { ...(await holder()), until: new Date(0) };
      await bucket.put(`memory/${LEASE_NAME}`, JSON.stringify(lease));
      expect(await asked(() => two.sync())).toEqual(["ann"]);
      expect(two.page()["index.html"]).toContain("three of ann");
      expect(await holder()).toMatchObject({ holder: "i-2" });
      // What comes back follows.
      expect(await asked(() => one.sync())).toEqual([]);
      expect(shown(one)).toEqual(shown(two));
    },
    LIMIT_MS,
  );

  test(
    "of a new release take over in their second run, and what they replace reads what they store",
    async () => {
      await deploy(section("ann"));
      serve("ann", posts.slice(1));
      const old = several("i-1");
      await old.sync();
      await old.sync();
      const fresh = several("i-2", { PLANET_RELEASE: "11111111" });
      expect(await asked(() => fresh.sync())).toEqual([]);
      expect(shown(fresh)).toEqual(shown(old));
      serve("ann", posts);
      expect(await asked(() => fresh.sync())).toEqual(["ann"]);
      expect(await asked(() => old.sync())).toEqual([]);
      expect(shown(old)).toEqual(shown(fresh));
    },
    LIMIT_MS,
  );

  test(
    "whose storage does not answer wait for as long as a lease is good, and then each asks for itself",
    async () => {
      await deploy(section("ann"));
      serve("ann", posts.slice(1));
      const [one, two] = [several("i-1"), several("i-2")];
      await one.sync();
      await one.sync();
      await two.sync(20);
      const cut = several("i-2", { PLANET_BUCKET_URL: "http://127.0.0.1:9/planet" });
      serve("ann", posts);
      expect(await asked(() => cut.sync(0.5))).toEqual([]);
      expect(await asked(() => cut.sync(20))).toEqual(["ann"]);
      expect(cut.page()["index.html"]).toContain("three of ann");
    },
    LIMIT_MS,
  );
});
