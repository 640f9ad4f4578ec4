import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { memoryForms } from "@planet/aggregator";
import { FORGOTTEN, sha256Of } from "@planet/content";
import type { Context } from "../../command.ts";
import { planetServed } from "../../page/testing/planetServed.ts";
import type { MemoryEdges } from "./edges.ts";
import { createMemoryCommand } from "./memoryCommand.ts";

const [ANNA, BOB] = ["http://a.test/feed", "http://b.test/feed"];
const { forgottenDigest, keysOf, readForgotten } = await memoryForms();

const recordKey = (url: string) => `memory/feeds/${sha256Of(url)}.json.gz`;
const entry = (link: string) => ({
  sighting: { id: `urn:of:${link}`, seen: 1, late: false, index: 0 },
  ...{ at: 1, position: 0, parsed: { link, title: { kind: "text", value: link }, categories: [], enclosures: [] } },
});
const record = (url: string, links: readonly string[], attempt: object | undefined = { lastTry: 1, failures: 0 }) => ({
  ...{ schema: 1, url, attempt, entries: links.map(entry), withdrawn: [], wasCut: false },
});
const archived = (url: string, link: string) => ({
  ...{ id: `urn:of:${link}`, at: 1, seen: 1, index: 0, order: Date.parse("2026-05-02"), link, title: link },
  ...{ feed: keysOf(url)[0], name: "N" },
});
const month = (name: string, entries: readonly object[]) => ({ schema: 1, month: name, entries });
const packed = (value: object) => gzipSync(JSON.stringify(value));

/** A bucket, and a server that goes by its forgotten.json after some looks at the page. */
class World {
  readonly objects = new Map<string, Uint8Array>();
  readonly writes: string[] = [];
  looks = 0;
  looksUntilSeen = 3;
  agrees = true;
  config: Record<string, string> = {};
  ini = `[Planet]\nname = P\nlink = http://p.test/\n[${ANNA}]\n[${BOB}]\n`;
  out = "";
  err = "";
  #ms = Date.parse("2026-06-01T00:00:00Z");

  page(): ReturnType<typeof planetServed> {
    this.looks += 1;
    const text = Buffer.from(this.objects.get(FORGOTTEN) ?? "").toString();
    const seen = this.looks > this.looksUntilSeen ? (readForgotten(text) ?? new Set<string>()) : new Set<string>();
    const feeds = [ANNA, BOB].map((url) => ({ url }));
    return planetServed("aaaaaaaa", 3, 300, { feeds, memory: { state: "on", forgotten: forgottenDigest(seen) } });
  }

  readonly edges: MemoryEdges = {
    read: async ([verb, ...rest]) => {
      if (rest.includes("--show-name")) return { code: 0, stdout: "prod\n" };
      const outputs = { url: "http://192.0.2.9/", address: "192.0.2.9", instanceId: "i-1", release: "aaaaaaaa" };
      if (verb === "stack") return { code: 0, stdout: JSON.stringify(outputs) };
      const settings = { endpoint: "http://192.0.2.1:8773", region: "eucalyptus", bucket: "planet", ...this.config };
      const config = Object.entries(settings).map(([name, value]) => [`planet:${name}`, { value, secret: false }]);
      return { code: 0, stdout: JSON.stringify(Object.fromEntries(config)) };
    },
    store: async () => ({
      pages: (prefix) => this.#pages(prefix),
      read: async (key) => this.objects.get(key),
      write: async (key, bytes) => {
        this.writes.push(key);
        this.objects.set(key, bytes);
      },
      remove: async (key) => {
        this.writes.push(`-${key}`);
        this.objects.delete(key);
      },
    }),
    reader: () => async () => ({ state: "present", bytes: Buffer.from(this.ini) }),
    page: async () => this.page(),
    confirm: async () => this.agrees,
    sleep: async (ms) => {
      this.#ms += ms;
    },
    now: () => this.#ms,
  };

  /** Two objects a page. */
  async *#pages(prefix: string) {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (let start = 0; start < keys.length; start += 2)
      yield keys.slice(start, start + 2).map((key) => ({ key, size: this.objects.get(key)?.length ?? 0 }));
  }

  json(key: string): { entries: readonly { link?: string; parsed?: { link: string } }[] } | undefined {
    const bytes = this.objects.get(key);
    return bytes && JSON.parse(gunzipSync(bytes).toString());
  }

  run(...argv: string[]): Promise<number> {
    const context: Context = {
      checkout: "/planet",
      shownNotices: new Set(),
      environment: {},
      out: (text) => {
        this.out += text;
      },
      err: (text) => {
        this.err += text;
      },
    };
    return createMemoryCommand(this.edges).run(argv, context);
  }
}

let world: World;
let folder: string;
beforeEach(() => {
  [world, folder] = [new World(), mkdtempSync(join(tmpdir(), "planet-memory-"))];
  world.objects.set(recordKey(ANNA), packed(record(ANNA, ["http://a.test/1", "http://a.test/2"])));
  world.objects.set(recordKey(BOB), packed(record(BOB, ["http://b.test/1"])));
  const entries = [
    archived(ANNA, "http://a.test/1"),
    archived(ANNA, "http://a.test/2"),
    archived(BOB, "http://b.test/1"),
  ];
  world.objects.set("memory/archive/2026-05.json.gz", packed(month("2026-05", entries)));
  world.objects.set("memory/index.json.gz", packed({ schema: 1, months: { "2026-05": 3 } }));
  world.objects.set("memory/feeds/junk", Buffer.from("junk"));
  world.objects.set("planet.ini", Buffer.from(world.ini));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const linksOf = (key: string) => world.json(key)?.entries.map(({ link, parsed }) => link ?? parsed?.link);

describe("planet memory forget", () => {
  test("an entry, by its link in any spelling: first for the servers, then in what is kept", async () => {
    expect(await world.run("forget", "https://www.a.test/1/?utm_source=x")).toBe(0);
    expect(linksOf(recordKey(ANNA))).toEqual(["http://a.test/2"]);
    expect(linksOf("memory/archive/2026-05.json.gz")?.sort()).toEqual(["http://a.test/2", "http://b.test/1"]);
    expect(world.writes).toEqual([FORGOTTEN, "memory/archive/2026-05.json.gz", recordKey(ANNA)]);
    expect(world.looks).toBeGreaterThan(world.looksUntilSeen);
    expect(Buffer.from(world.objects.get(FORGOTTEN) ?? "").toString()).not.toContain("a.test");
    expect(world.err).toMatch(/Waiting for the page without it[\s\S]*Left alone.*\n {2}memory\/feeds\/junk/);
  });

  test("an entry by its id, and a feed with all that it had", async () => {
    await world.run("forget", "urn:of:http://a.test/2");
    await world.run("forget", BOB);
    expect(linksOf(recordKey(ANNA))).toEqual(["http://a.test/1"]);
    expect(world.objects.has(recordKey(BOB))).toBe(false);
    expect(linksOf("memory/archive/2026-05.json.gz")).toEqual(["http://a.test/1"]);
  });

  test("again, as after a kill, does what was left and nothing else", async () => {
    await world.run("forget", BOB);
    world.writes.length = 0;
    world.objects.set(recordKey(BOB), packed(record(BOB, ["http://b.test/1"])));
    expect(await world.run("forget", BOB)).toBe(0);
    expect(world.writes).toEqual([`-${recordKey(BOB)}`]);
  });

  test("says so when nothing is kept under that address, which may be a slip; not when there was something", async () => {
    expect(await world.run("forget", "http://a.test/2")).toBe(0);
    expect(world.err).not.toContain("Note:");
    expect(await world.run("forget", "http://a.test/22")).toBe(0);
    expect(world.err).toContain("Note: Nothing below memory/ had this link, id or address of a feed");
    expect(Buffer.from(world.objects.get(FORGOTTEN) ?? "").toString()).toContain(keysOf("http://a.test/22")[0]);
  });

  test("rewrites nothing while the page shows it: the server would write it again", async () => {
    world.looksUntilSeen = Number.POSITIVE_INFINITY;
    await expect(world.run("forget", BOB)).rejects.toMatchObject({ code: "STILL_SHOWN", exitCode: 3 });
    expect(world.writes).toEqual([FORGOTTEN]);
  });

  test("changes nothing when the list is not one, or the server cannot forget", async () => {
    world.objects.set(FORGOTTEN, Buffer.from("[]"));
    await expect(world.run("forget", BOB)).rejects.toMatchObject({ code: "FORGOTTEN_UNREADABLE" });
    world.page = () => planetServed("aaaaaaaa", 3);
    await expect(world.run("forget", BOB)).rejects.toMatchObject({ code: "SERVER_TOO_OLD" });
    expect(world.writes).toEqual([]);
  });
});

describe("planet memory export", () => {
  test("writes files that people can read, and says what is none", async () => {
    expect(await world.run("export", folder)).toBe(0);
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
    const feeds = [ANNA, BOB].map((url) => `feeds/${new URL(url).host}-${sha256Of(url).slice(0, 8)}.json`);
    expect(names.sort()).toEqual(["archive/2026-05.json", ...feeds, "index.json"]);
    expect(readFileSync(join(folder, feeds[0] ?? ""), "utf8")).toContain('"url": "http://a.test/feed"');
    expect(world.out).toContain("4 files of memory/");
    expect(world.err).toContain("memory/feeds/junk");
    expect(world.writes).toEqual([]);
  });
});

describe("planet memory prune", () => {
  test("deletes feeds that planet.ini does not name, empty objects, and months that are too old", async () => {
    const gone = "http://gone.test/feed";
    world.objects.set(recordKey(gone), packed(record(gone, ["http://gone.test/1"])));
    world.objects.set(recordKey(BOB), packed({ ...record(BOB, []), attempt: undefined }));
    world.objects.set(
      "memory/archive/2020-01.json.gz",
      packed(month("2020-01", [{ ...archived(ANNA, "x"), order: Date.parse("2020-01-02") }])),
    );
    world.objects.set("memory/archive/2026-04.json.gz", packed(month("2026-04", [])));
    world.config = { archiveMonths: "12" };
    expect(await world.run("prune")).toBe(0);
    expect([...world.objects.keys()].filter((key) => key.startsWith("memory/")).sort()).toEqual(
      [recordKey(ANNA), "memory/archive/2026-05.json.gz", "memory/index.json.gz", "memory/feeds/junk"].sort(),
    );
  });

  test("deletes nothing while nobody knows which feeds are wanted", async () => {
    world.ini = "not an ini";
    await expect(world.run("prune")).rejects.toMatchObject({ code: "FEEDS_UNKNOWN" });
    world.ini = `[Planet]\nname = P\nlink = http://p.test/\n[http://lists.test/all.opml]\ncontent_type = opml\n`;
    world.page = () => planetServed("aaaaaaaa", 3);
    await expect(world.run("prune")).rejects.toMatchObject({ code: "LISTS_UNKNOWN" });
    expect(world.writes).toEqual([]);
  });
});

describe("planet memory reset", () => {
  test("asks, deletes everything below the prefix, and says how a clean start goes", async () => {
    world.agrees = false;
    await expect(world.run("reset")).rejects.toMatchObject({ code: "DECLINED" });
    expect(world.writes).toEqual([]);
    world.agrees = true;
    world.objects.set("memory-2/feeds/x", Buffer.from("x"));
    expect(await world.run("reset")).toBe(0);
    expect([...world.objects.keys()].sort()).toEqual(["memory-2/feeds/x", "planet.ini"]);
    expect(world.err).toContain("npx pulumi config set planet:permit 2\n");
  });

  test("of an earlier permit needs no clean start", async () => {
    world.config = { permit: "2" };
    world.objects.set("memory-2/feeds/x", Buffer.from("x"));
    expect(await world.run("reset", "--yes", "--permit", "1")).toBe(0);
    expect([...world.objects.keys()].sort()).toEqual(["memory-2/feeds/x", "planet.ini"]);
    expect(world.err).not.toContain("config set");
    await expect(world.run("reset", "--yes", "--permit", "0")).rejects.toMatchObject({ code: "WRONG_PERMIT" });
  });
});
