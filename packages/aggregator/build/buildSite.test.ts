import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type FeedServer, rssOf, startFeedServer } from "../fetch/testing/feedServer.ts";
import { buildSite, type SiteReport, type SiteRequest } from "./buildSite.ts";
import { buildSample, configOf, NOON, temporaryFolder } from "./testing/sampleSite.ts";

const QUARTER_HOUR_MS = 15 * 60_000;
let server: FeedServer;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let run: number;
beforeEach(async () => {
  [server, folder, run] = [await startFeedServer(), await temporaryFolder(), 0];
});
afterEach(async () => {
  await server.close();
  await folder.clean();
});

const out = (index: number) => join(folder.path, `out-${index}`);
const page = (index: number) => readFile(join(out(index), "index.html"), "utf8");
const later = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000);

/** Builds a planet of the given feeds; each call is the next run of the same server. */
async function build(
  paths: readonly string[],
  now: Date,
  extra: Partial<SiteRequest> & { keys?: string; feedKeys?: string } = {},
): Promise<SiteReport> {
  const { keys = "", feedKeys = "", ...request } = extra;
  const feeds = paths.map((path) => `[${server.origin}${path}]\nname = Feed ${path}\n${feedKeys}\n`);
  run += 1;
  await mkdir(out(run));
  return buildSite({
    config:
      request.config ?? configOf(`[Planet]\nname = Test\nlink = http://planet.test/\n${keys}\n${feeds.join("\n")}`),
    files: new Map(),
    cacheDirectory: join(folder.path, "cache"),
    outDirectory: out(run),
    previousDirectory: run > 1 ? out(run - 1) : undefined,
    allowHosts: ["127.0.0.0/8"],
    fetchFeeds: true,
    now,
    log: () => undefined,
    ...request,
  });
}

const serve = (path: string, ...titles: string[]) =>
  server.on(path, (_request, response) => response.end(rssOf(...titles)));
const fail = (path: string, status: number) =>
  server.on(path, (_request, response) => response.writeHead(status).end());

describe("one feed's failure costs only itself", () => {
  test("a feed that never worked is named with its reason, the others are shown", async () => {
    serve("/a", "Apple");
    fail("/b", 500);
    const report = await build(["/a", "/b"], NOON);
    expect(report).toMatchObject({
      entries: 1,
      feeds: [
        { state: "ok", http: 200 },
        { state: "failing", http: 500, failures: 1 },
      ],
    });
    expect(await page(1)).toContain("its server answered with error 500");
  });

  test("the last good entries stay when a feed fails, also when it sends garbage", async () => {
    serve("/a", "Apple");
    await build(["/a"], NOON);
    server.on("/a", (_request, response) => response.end("<html>It works!</html>"));
    const report = await build(["/a"], later(20));
    expect(report).toMatchObject({
      entries: 1,
      feeds: [{ state: "failing", reason: expect.stringContaining("not-feed"), entries: 1 }],
    });
    expect(await page(2)).toContain("Apple");
  });

  test("after keep_days they go", async () => {
    serve("/a", "Apple");
    await build(["/a"], NOON);
    fail("/a", 410);
    expect((await build(["/a"], later(20), { feedKeys: "keep_days = 2" })).entries).toBe(1);
    expect(await build(["/a"], later(3 * 24 * 60), { feedKeys: "keep_days = 2" })).toMatchObject({
      entries: 0,
      feeds: [{ state: "gone" }],
    });
  });

  test("a corrupt copy counts as absent, for its feed alone", async () => {
    serve("/a", "Apple");
    serve("/b", "Banana");
    await build(["/a", "/b"], NOON);
    const first = (await readdir(join(folder.path, "cache"))).find((name) => /^[0-9a-f]{32}\.json$/.test(name)) ?? "";
    await writeFile(join(folder.path, "cache", first), '{"schema":1,"url"');
    expect((await build(["/a", "/b"], later(1), { fetchFeeds: false })).entries).toBe(1);
    expect((await build(["/a", "/b"], later(2))).entries).toBe(2);
  });
});

describe("reading lists", () => {
  const list = (...names: string[]) =>
    `<opml version="2.0"><body><outline text="group">${names.map((name) => `<outline type="rss" text="${name}" xmlUrl="${server.origin}/${name}"/>`).join("")}</outline></body></opml>`;

  test("subscribe to what they list, and a feed with a section of its own is not doubled", async () => {
    serve("/a", "Apple");
    serve("/b", "Banana");
    server.on("/list", (_request, response) => response.end(list("a", "b")));
    const config = configOf(
      `[Planet]\nname = Test\nlink = http://planet.test/\n[${server.origin}/list]\nname = List\ncontent_type = opml\n[${server.origin}/a]\nname = Mine\n`,
    );
    const report = await build([], NOON, { config });
    expect(report.feeds.map(({ name, state }) => [name, state])).toEqual([
      ["List", "ok"],
      ["b", "ok"],
      ["Mine", "ok"],
    ]);
    expect(report.entries).toBe(2);
  });

  test("a list where a feed should be is refused", async () => {
    server.on("/list", (_request, response) => response.end(list("a")));
    expect((await build(["/list"], NOON)).feeds[0]?.reason).toContain("not-feed");
  });
});

describe("how often servers are asked", () => {
  test("not again within a quarter of an hour, but a new feed at once", async () => {
    serve("/a", "Apple");
    serve("/b", "Banana");
    await build(["/a"], NOON);
    await build(["/a", "/b"], later(5));
    expect(server.requests.map(({ path }) => path)).toEqual(["/a", "/b"]);
    await build(["/a", "/b"], later(16));
    expect(server.requests.map(({ path }) => path)).toEqual(["/a", "/b", "/a"]);
  });

  test("a trial sends no request", async () => {
    serve("/a", "Apple");
    await build(["/a"], NOON, { fetchFeeds: false });
    expect(server.requests).toEqual([]);
  });

  test("429 keeps all feeds of that host waiting", async () => {
    server.on("/a", (_request, response) => response.writeHead(429, { "Retry-After": "7200" }).end());
    serve("/b", "Banana");
    const report = await build(["/a", "/b"], NOON, { keys: "spider_threads = 1" });
    expect(report.feeds[1]?.state).toBe("never");
    expect(Date.parse(report.feeds[0]?.nextTry ?? "")).toBe(NOON.getTime() + 7_200_000);
  });

  test("after three permanent redirects the target is asked directly and named", async () => {
    serve("/new", "Apple");
    server.on("/old", (_request, response) => response.writeHead(301, { Location: "/new" }).end());
    for (let index = 0; index < 3; index += 1)
      await build(["/old"], new Date(NOON.getTime() + index * 2 * QUARTER_HOUR_MS));
    server.requests.length = 0;
    const report = await build(["/old"], later(600));
    expect(server.requests.map(({ path }) => path)).toEqual(["/new"]);
    expect(report.feeds[0]).toMatchObject({ state: "moved", movedTo: `${server.origin}/new` });
  });
});

describe("equal content is equal bytes", () => {
  test("a run without news changes no byte and no time, even when the feed was made anew", async () => {
    serve("/a", "Apple");
    await build(["/a"], NOON);
    server.on("/a", (_request, response) => response.end(`${rssOf("Apple")}<!-- made at another time -->`));
    const report = await build(["/a"], later(60));
    expect(report.changed).toBe(false);
    const names = (await readdir(out(1), { recursive: true })).filter((name) => name.includes("."));
    for (const name of names) {
      expect(await readFile(join(out(2), name))).toEqual(await readFile(join(out(1), name)));
      expect((await stat(join(out(2), name))).mtimeMs).toBe((await stat(join(out(1), name))).mtimeMs);
    }
  });

  test("other bytes get a later second, also within one second", async () => {
    serve("/a", "Apple");
    await build(["/a"], NOON);
    serve("/a", "Banana");
    const report = await build(["/a", "/b"], NOON);
    expect(report.changed).toBe(true);
    const [before, after] = [await stat(join(out(1), "index.html")), await stat(join(out(2), "index.html"))];
    expect(after.mtimeMs - before.mtimeMs).toBeGreaterThanOrEqual(1000);
  });
});

describe("what the content brings", () => {
  const files = (entries: Record<string, string>) =>
    new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]));
  const file = (name: string) => readFile(join(folder.path, "out", name), "utf8");

  test("its planet.css replaces ours, base.css stays linked before it", async () => {
    await buildSample(folder.path, { files: files({ "planet.css": "body{}", "logo.png": "x" }) });
    expect(await file("planet.css")).toBe("body{}");
    expect(await file("logo.png")).toBe("x");
    expect(await file("index.html")).toMatch(/base\.css[\s\S]*planet\.css/);
  });

  test("its template replaces ours and may include another", async () => {
    const own = {
      "index.html.liquid": "{% for item in items %}{% render 'line.liquid', item: item %}\n{% endfor %}",
      "line.liquid": "{{ item.title }} - {{ item.channel.name }}",
    };
    await buildSample(folder.path, { files: files(own) });
    expect(await file("index.html")).toContain("Paint, again - The Lighthouse Keeper\n");
    expect(await file("index.html")).toContain("addr &lt; 0");
  });

  test.each([
    ["that cannot be parsed", "{% for x in y %}"],
    ["that prints foreign text unescaped", "{{ items[0].title | raw }}"],
    ["with an unknown filter", "{{ name | shout }}"],
    ["without end", "{% for i in (1..100000000) %}{% for j in (1..100000000) %}x{% endfor %}{% endfor %}"],
    ["that reaches for files", "{% render '../../../etc/passwd' %}"],
  ])("a template %s is refused by name", async (_claim, source) => {
    await expect(buildSample(folder.path, { files: files({ "index.html.liquid": source }) })).rejects.toMatchObject({
      name: "TemplateError",
      template: "index.html.liquid",
    });
  });

  test("a classic template replaces our page", async () => {
    const source =
      "<TMPL_LOOP Items><TMPL_IF new_date>== <TMPL_VAR new_date>\n</TMPL_IF><TMPL_VAR channel_name>: <TMPL_VAR title>\n</TMPL_LOOP>";
    await buildSample(folder.path, { files: files({ "index.html.tmpl": source }) });
    expect(await file("index.html")).toMatch(
      /^== Monday, May 18, 2026\nMicroposts: \nThe Lighthouse Keeper: What the fog/,
    );
  });

  test("planet.ini and templates are not published", async () => {
    await buildSample(folder.path, { files: files({ "planet.ini": "secret", "side.liquid": "x" }) });
    expect(await readdir(join(folder.path, "out"))).not.toEqual(expect.arrayContaining(["planet.ini"]));
    expect(await readdir(join(folder.path, "out"))).not.toEqual(expect.arrayContaining(["side.liquid"]));
  });
});

test("an empty planet says so and lists its subscriptions", async () => {
  fail("/a", 500);
  const report = await build(["/a"], NOON);
  expect(report.entries).toBe(0);
  expect(await page(1)).toContain("Nothing here yet");
  expect(await page(1)).toContain("Feed /a");
});
