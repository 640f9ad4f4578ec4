import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { parse } from "parse5";
import { type FeedServer, rssOf, startFeedServer } from "../../fetch/testing/feedServer.ts";
import { buildSite, type SiteReport, type SiteRequest } from "../buildSite.ts";
import { configOf, NOON, temporaryFolder } from "../testing/sampleSite.ts";

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

const out = (index = run) => join(folder.path, `out-${index}`);
const file = (name: string) => readFile(join(out(), name), "utf8");
const inFolder = async (name: string, ending: string) =>
  (await readdir(join(out(), name)).catch(() => []))
    .filter((each) => each.endsWith(ending))
    .map((each) => `${name}/${each}`);

interface Options extends Partial<SiteRequest> {
  readonly minutes?: number;
  readonly keys?: string;
  readonly feedKeys?: string;
}

/** The next run of the same server. Paths are feeds of the test's server. */
async function build(
  paths: readonly string[],
  { minutes = 0, keys = "link = http://planet.test/", feedKeys = "", ...request }: Options = {},
): Promise<SiteReport> {
  const sections = (paths.length === 0 ? ["/none"] : paths).map(
    (path) => `[${server.origin}${path}]\nname = Blog ${path.slice(1)}\n${feedKeys}\n`,
  );
  run += 1;
  await mkdir(out());
  return buildSite({
    config: configOf(`[Planet]\nname = Test\n${keys}\n${sections.join("\n")}`),
    files: new Map(),
    cacheDirectory: join(folder.path, "cache"),
    outDirectory: out(),
    previousDirectory: run > 1 ? out(run - 1) : undefined,
    allowHosts: ["127.0.0.0/8"],
    fetchFeeds: true,
    now: new Date(NOON.getTime() + minutes * 60_000),
    log: () => undefined,
    ...request,
  });
}

const serve = (path: string, body: string) => server.on(path, (_request, response) => response.end(body));

interface Item {
  readonly categories?: readonly string[];
  readonly title?: string;
  readonly text?: string;
  readonly date?: string;
  readonly id?: string;
}

/** An RSS feed; `date` as ISO. */
function feedOf(home: string, items: readonly Item[]): string {
  const list = items.map(({ title, text = "Some text.", date, id, categories = [] }, index) => {
    const dated = date === undefined ? "" : `<pubDate>${new Date(date).toUTCString()}</pubDate>`;
    const named = title === undefined ? "" : `<title>${title}</title>`;
    const topics = categories.map((name) => `<category>${name}</category>`).join("");
    const guid = id ?? `${home}${index}`;
    return `<item>${named}<link>${home}${index}</link><guid isPermaLink="false">${guid}</guid>${dated}${topics}<description>${text}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>${home}</title><link>${home}</link>${list.join("")}</channel></rss>`;
}

/** Every file of a build with its bytes, and its time. */
async function contents(index: number): Promise<Record<string, [bytes: string, seconds: number]>> {
  const names = (await readdir(out(index), { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
  const all: Record<string, [string, number]> = {};
  for (const { parentPath, name } of names) {
    const path = join(parentPath, name);
    all[path.slice(out(index).length + 1)] = [
      await readFile(path, "utf8"),
      Math.floor((await stat(path)).mtimeMs / 1_000),
    ];
  }
  return all;
}

/** What HTML's parser finds wrong. */
function htmlErrors(html: string): string[] {
  const errors: string[] = [];
  parse(html, { onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`) });
  return errors;
}

/** Addresses on a page that lead to files of the planet, as names of these. */
function localLinks(page: string, html: string): string[] {
  const base = `http://planet.test/${page}`;
  return [...html.matchAll(/ (?:href|src)="([^"]*)"/g)]
    .map(([, href = ""]) => new URL(href.replaceAll("&amp;", "&"), base))
    .filter(({ host }) => host === "planet.test")
    .map(({ pathname }) => (pathname.endsWith("/") ? `${pathname}index.html` : pathname).slice(1));
}

/** All pages are well-formed, and their links lead to files that are there. */
async function expectSound(): Promise<void> {
  const all = await contents(run);
  const written = new Set([...Object.keys(all), "feeds.html"]);
  for (const [name, [text]] of Object.entries(all)) {
    if (name.endsWith(".xml")) expect([name, XMLValidator.validate(text)]).toEqual([name, true]);
    if (!name.endsWith(".html")) continue;
    expect([name, htmlErrors(text)]).toEqual([name, []]);
    expect([name, localLinks(name, text).filter((link) => !written.has(link))]).toEqual([name, []]);
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  }
}

describe("a feed's own page", () => {
  test("has its entries with their texts, and is linked from the front page", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple", date: "2026-05-01T10:00:00Z" }]));
    serve("/b", feedOf("https://b.example/", [{ title: "Banana", text: "Yellow." }]));
    await build(["/a", "/b"]);
    const [pages, feeds] = [await inFolder("feed", ".html"), await inFolder("feed", ".xml")];
    expect([pages.length, feeds.length]).toEqual([2, 2]);
    const front = await file("index.html");
    for (const page of pages) expect(front).toContain(`href="${page}"`);
    const banana = (await Promise.all(pages.map(file))).find((text) => text.includes("Banana"));
    expect(banana).toContain("Yellow.");
    expect(banana).not.toContain("Apple");
    await expectSound();
  });

  test("leads to its entries in the archive, also when older entries of another feed push them into the next part", async () => {
    const newest = { title: "Newest", date: "2026-05-12T10:00:00Z" };
    const old = (index: number) => ({ title: `Old ${index}`, date: `2026-05-02T10:00:00Z`, id: `old-${index}` });
    serve("/a", feedOf("https://a.example/", [{ title: "Apple", date: "2026-05-10T10:00:00Z" }]));
    serve("/b", feedOf("https://b.example/", [newest]));
    const keys = "link = http://planet.test/\ncache_keep_entries = 1000";
    await build(["/a", "/b"], { keys });
    serve("/b", feedOf("https://b.example/", [newest, ...Array.from({ length: 1_000 }, (_, index) => old(index))]));
    await build(["/a", "/b"], { keys, minutes: 120 });
    const pages = await Promise.all((await inFolder("feed", ".html")).map(file));
    const [, address = "", anchor = ""] =
      /href="\.\.\/(archive\/[^"#]+)#(e-[^"]+)"/.exec(pages.find((text) => text.includes("Apple")) ?? "") ?? [];
    expect(address).toBe("archive/2026-05-part-2.html");
    expect(await file(address)).toContain(`id="${anchor}"`);
  });

  test("its Atom feed has ids of its own, and its entries have theirs", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple" }]));
    serve("/b", feedOf("https://b.example/", [{ title: "Banana" }]));
    await build(["/a", "/b"]);
    const feeds = await Promise.all(["atom.xml", ...(await inFolder("feed", ".xml"))].map(file));
    const ids = feeds.map((text) => new XMLParser().parse(text).feed.id as string);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(new URL(id).host).toBe("planet.test");
    const [planet = "", ...own] = feeds.map((text) =>
      [...text.matchAll(/<entry[\s\S]*?<id>([^<]*)/g)]
        .map(([, id]) => id)
        .sort()
        .join(" "),
    );
    expect(own.sort().join(" ")).toBe(planet);
  });

  test("feeds of one name, of odd addresses and without entries have their pages", async () => {
    const paths = ["/x/feed", "/y/feed", "/con", `/${"l".repeat(300)}`, "/%F0%9F%A6%8A", "/..%2f..%2fetc"];
    for (const path of paths) serve(path, feedOf(`https://h.example${path}/`, [{ title: "One" }]));
    await build([...paths, "/gone"], { feedKeys: "name = The same" });
    expect(await inFolder("feed", ".html")).toHaveLength(paths.length + 1);
    await expectSound();
  });

  test("a planet without an address has valid feeds, too", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple" }]));
    await build(["/a"], { keys: "" });
    const [name = ""] = await inFolder("feed", ".xml");
    expect(new XMLParser().parse(await file(name)).feed.id).toMatch(/^urn:x-planet:Test:feed%2F127-0-0-1/);
  });

  test("goes with its feed", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple" }]));
    serve("/b", feedOf("https://b.example/", [{ title: "Banana" }]));
    await build(["/a", "/b"]);
    const before = await inFolder("feed", ".html");
    await build(["/b"], { minutes: 20 });
    const after = await inFolder("feed", ".html");
    expect([before.length, after.length, before.includes(after[0] ?? "")]).toEqual([2, 1, true]);
  });

  test("an essay in two feeds is on both pages, and keeps its text when the second feed had it first", async () => {
    const essay = { title: "An essay", text: "The same long words. ".repeat(30), id: "tag:essay,2026:1" };
    serve("/b", feedOf("https://b.example/", [essay]));
    await build(["/b"]);
    serve("/a", feedOf("https://a.example/", [{ ...essay, text: `${essay.text} In A.`, id: "tag:essay,2026:2" }]));
    expect(await build(["/a", "/b"], { minutes: 20 })).toMatchObject({ entries: 1 });
    expect(await file("index.html")).toMatch(/The same long words[\s\S]*In A\./);
    for (const name of await inFolder("feed", ".html")) expect(await file(name)).toContain("The same long words");
    await expectSound();
  });

  test("a text that the sanitiser does not survive leaves the titles", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Deep", text: `&lt;div>`.repeat(60_000) }, { title: "Flat" }]));
    await build(["/a"]);
    const [name = ""] = await inFolder("feed", ".html");
    expect(await file(name)).toMatch(/Deep[\s\S]*Flat/);
    await expectSound();
  });
});

describe("the archive", () => {
  test("has the titles of all entries, also of those that the front page has no room for", async () => {
    serve(
      "/a",
      feedOf("https://a.example/", [
        { title: "Newest", date: "2026-05-18T10:00:00Z" },
        { title: "May &amp;amp; day", date: "2026-05-01T10:00:00Z" },
        { text: "Only &lt;b>words&lt;/b> in April.", date: "2026-04-01T10:00:00Z" },
        { title: "Long ago", date: "1998-02-03T10:00:00Z" },
        { title: "In a while", date: "2027-01-01T00:00:00Z" },
        { title: "Whenever" },
      ]),
    );
    await build(["/a"], { keys: "link = http://planet.test/\nitems_per_page = 1" });
    const months = await inFolder("archive", ".html");
    expect(months.sort()).toEqual(
      ["1998-02", "2026-04", "2026-05", "index", "undated"].map((name) => `archive/${name}.html`),
    );
    expect(await file("archive/2026-05.html")).toMatch(/Newest[\s\S]*In a while[\s\S]*May &amp; day/);
    expect(await file("archive/2026-04.html")).toContain("Only words in April.");
    expect(await file("archive/index.html")).toMatch(/2026-05.html">May 2026<\/a> <small>3</);
    await expectSound();
  });

  test("an entry's permalink leads to its anchor there, and older entries go on behind the last one", async () => {
    const days = Array.from({ length: 6 }, (_, index) => ({
      title: `Day ${index}`,
      date: `2026-0${5 - (index % 2)}-1${index}T10:00:00Z`,
    }));
    serve("/a", feedOf("https://a.example/", days));
    await build(["/a"], { keys: "link = http://planet.test/\nitems_per_page = 4" });
    const front = await file("index.html");
    const links = [...front.matchAll(/class="permalink" href="([^#]*)#([^"]*)"/g)].map(
      ([, page = "", anchor = ""]) => [page, anchor] as const,
    );
    expect(links).toHaveLength(4);
    for (const [page, anchor] of links) {
      expect(front).toContain(`<article id="${anchor}"`);
      expect(await file(page)).toContain(`<li id="${anchor}"`);
    }
    expect(front).toContain(`<a rel="next" href="${links.at(-1)?.join("#")}">Older entries</a>`);
  });

  test("keeps what a feed has no more, and what a feed had that planet.ini has no more", async () => {
    const old = { title: "Long ago", date: "2024-02-03T10:00:00Z", id: "old" };
    const fresh = { title: "New", date: "2026-05-03T10:00:00Z", id: "new" };
    const keys = "link = http://planet.test/\nitems_per_page = 1\ncache_keep_entries = 0";
    serve("/a", feedOf("https://a.example/", [old]));
    serve("/b", feedOf("https://b.example/", [{ title: "Banana", date: "2024-02-04T10:00:00Z" }]));
    await build(["/a", "/b"], { keys });
    serve("/a", feedOf("https://a.example/", [fresh]));
    await build(["/a"], { keys, minutes: 60 });
    expect(await file("archive/2024-02.html")).toMatch(/Banana[\s\S]*<span class="of"><bdi>Blog b[\s\S]*Long ago/);
    expect(await file("archive/2026-05.html")).toContain("New");
    expect(await file("archive/index.html")).toMatch(/2024-02.html">February 2024<\/a> <small>2</);
    expect(await file("index.html")).toContain('<a rel="next" href="archive/2026-05.html#e-');
    await expectSound();
  });

  test("draws only the months that changed", async () => {
    const old = { title: "Long ago", date: "2024-02-03T10:00:00Z", id: "old" };
    serve("/a", feedOf("https://a.example/", [old]));
    await build(["/a"]);
    serve("/a", feedOf("https://a.example/", [{ title: "New", date: "2026-05-03T10:00:00Z", id: "new" }, old]));
    await build(["/a"], { minutes: 60 });
    serve("/a", feedOf("https://a.example/", [{ title: "Newer", date: "2026-05-04T10:00:00Z", id: "newer" }, old]));
    await build(["/a"], { minutes: 120 });
    const inode = async (name: string, index: number) => (await stat(join(out(index), name))).ino;
    expect(await inode("archive/2024-02.html", 3)).toBe(await inode("archive/2024-02.html", 2));
    expect(await inode("archive/2026-05.html", 3)).not.toBe(await inode("archive/2026-05.html", 2));
  });

  test("a planet without entries has an empty one", async () => {
    await build([]);
    expect(await file("archive/index.html")).toContain("Nothing here yet.");
    await expectSound();
  });

  test("a month of a thousand categories and a title of any kind", async () => {
    const categories = Array.from({ length: 3_000 }, (_, index) => `<category>${index}</category>`).join("");
    const title = `</title><title>&lt;/li>&lt;/main> "&gt; ${"x".repeat(3_000)}`;
    const item = `<item><title>${title}</title>${categories}<pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate></item>`;
    serve("/a", `<rss version="2.0"><channel><title>A</title>${item.repeat(1)}</channel></rss>`);
    await build(["/a"]);
    await expectSound();
  });
});

describe("categories that planet.ini names", () => {
  test("have pages with the entries of all feeds that name them, in whatever spelling", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple", categories: ["PYTHON", "fruit"] }]));
    serve("/b", feedOf("https://b.example/", [{ title: "Banana", categories: ["python"] }, { title: "Bread" }]));
    await build(["/a", "/b"], { keys: "link = http://planet.test/\ncategories = Python, Web &amp; design" });
    const front = await file("index.html");
    const pages = (await inFolder("category", ".html")).sort();
    expect(pages).toEqual(["category/python.html", expect.stringMatching(/^category\/web-design-[0-9a-f]{8}\.html$/)]);
    for (const page of pages) expect(front).toContain(`href="${page}"`);
    const python = await file("category/python.html");
    expect(python).toMatch(/Apple[\s\S]*Banana|Banana[\s\S]*Apple/);
    expect(python).not.toContain("Bread");
    expect(await file("category/python.xml")).toContain("<id>http://planet.test/category/python.xml</id>");
    // An entry's topic leads there, from every page that has the entry.
    const topics = '<li class="p-category"><a href="category/python.html"><bdi>PYTHON</bdi></a></li>';
    expect(await file("index.html")).toContain(`${topics}<li class="p-category"><bdi>fruit</bdi></li>`);
    expect(python).toContain('<a href="../category/python.html"><bdi>PYTHON</bdi></a>');
    await expectSound();
  });

  test("thousands of others cost no page", async () => {
    serve(
      "/a",
      feedOf("https://a.example/", [
        { title: "Apple", categories: Array.from({ length: 5_000 }, (_, index) => `c${index}`) },
      ]),
    );
    await build(["/a"], { keys: "categories = c7" });
    expect(await inFolder("category", ".html")).toEqual(["category/c7.html"]);
  });
});

describe("the editors' own texts", () => {
  const content = (files: Readonly<Record<string, string>>) =>
    new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]));

  test("are pages in the planet's frame, and every page links them", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple" }]));
    const files = content({
      "about.md": "# Who we are\n\nPeople. [Feeds](feeds.html)",
      "help/join.md": "# Join\n\n[About](../about.html)",
    });
    await build(["/a"], { files });
    const [feed = ""] = await inFolder("feed", ".html");
    expect(await file("about.html")).toContain("<p>People. ");
    for (const name of ["index.html", "about.html", "archive/index.html", "help/join.html", feed])
      expect(await file(name)).toMatch(
        /href="(?:\.\.\/)?about.html">Who we are<\/a>\s*<a href="(?:\.\.\/)?help\/join.html">Join</,
      );
    await expect(file("about.md")).rejects.toThrow("ENOENT");
    await expectSound();
  });

  test("a page of the same name wins, from a template or as it is", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple" }]));
    await build(["/a"], { files: content({ "about.md": "Text.", "about.html.liquid": "Mine: {{ name }}" }) });
    expect(await file("about.html")).toBe("Mine: Test");
  });

  test("change with the text, and go with it", async () => {
    serve("/a", feedOf("https://a.example/", [{ title: "Apple" }]));
    await build(["/a"], { files: content({ "about.md": "Old." }) });
    await build(["/a"], { minutes: 1, files: content({ "about.md": "New." }) });
    expect(await file("about.html")).toContain("New.");
    await build(["/a"], { minutes: 2 });
    await expect(file("about.html")).rejects.toThrow("ENOENT");
  });
});

test("a front page of 60 entries without pictures has less than 100 KB", async () => {
  const paths = Array.from({ length: 30 }, (_, index) => `/${index}`);
  const text =
    "&lt;p>Twenty words of a text that is about as long as what a blog has in its feed, over and over.&lt;/p>".repeat(
      7,
    );
  for (const [index, path] of paths.entries()) {
    const items = [1, 2].map((day) => ({
      title: `A title of some length, number ${index} ${day}`,
      text,
      date: `2026-05-0${day}T10:${10 + index}:00Z`,
    }));
    serve(path, feedOf(`https://blog-${index}.example/some/path/`, items));
  }
  expect(await build(paths)).toMatchObject({ entries: 60 });
  expect(Buffer.byteLength(await file("index.html"))).toBeLessThan(100_000);
});

describe("pages from run to run", () => {
  const paths = ["/a", "/b"];
  const first = [{ title: "Apple", date: "2026-05-01T10:00:00Z" }, { text: "No title here." }];

  test("nothing has changed: the same bytes with the same times, and no page is made again", async () => {
    for (const path of paths) serve(path, feedOf(`https://h.example${path}/`, first));
    await build(paths);
    const report = await build(paths, { minutes: 20 });
    expect(report.changed).toBe(false);
    expect(await contents(2)).toEqual(await contents(1));
    const [name = ""] = await inFolder("feed", ".html");
    expect((await stat(join(out(2), name))).ino).toBe((await stat(join(out(1), name))).ino);
  });

  test("what was kept and what is made anew are the same website", async () => {
    for (const path of paths) serve(path, feedOf(`https://h.example${path}/`, first));
    await build(paths);
    serve("/b", feedOf("https://h.example/b/", [{ title: "New", id: "new", date: "2026-05-18T11:00:00Z" }, ...first]));
    expect((await build(paths, { minutes: 60 })).changed).toBe(true);
    const kept = await contents(2);
    await build(paths, { minutes: 60, previousDirectory: undefined });
    const bytes = (all: typeof kept) => Object.fromEntries(Object.entries(all).map(([name, [text]]) => [name, text]));
    expect(bytes(await contents(3))).toEqual(bytes(kept));
  });

  test("a build changes no file of the one before", async () => {
    for (const path of paths) serve(path, feedOf(`https://h.example${path}/`, first));
    await build(paths);
    const before = await contents(1);
    for (const path of paths) serve(path, feedOf(`https://h.example${path}/`, [{ title: "Other", id: "other" }]));
    await build(paths, { minutes: 60 });
    await build(paths, { minutes: 61, keys: "owner_name = Somebody\nlink = http://planet.test/" });
    expect(await contents(1)).toEqual(before);
  });

  test("a large planet has titles on these pages, and no feed is read for them", async () => {
    const many = Array.from({ length: 101 }, (_, index) => `/${index}`);
    for (const path of many) serve(path, rssOf("One", "Two"));
    await build(many, { keys: "items_per_page = 1" });
    const pages = await Promise.all((await inFolder("feed", ".html")).map(file));
    expect(pages).toHaveLength(101);
    for (const page of pages) expect(page).toMatch(/One[\s\S]*Two/);
    await expectSound();
  });

  test("an untitled entry without its text has its first words", async () => {
    const many = Array.from({ length: 101 }, (_, index) => `/${index}`);
    for (const path of many) serve(path, feedOf(`https://h.example${path}/`, [{ text: "Just a thought." }]));
    await build(many, { keys: "items_per_page = 1" });
    for (const name of await inFolder("feed", ".html")) expect(await file(name)).toContain("Just a thought.");
  });
});
