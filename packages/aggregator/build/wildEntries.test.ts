import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type BuiltPlanet, startWildPlanet, type WildPlanet } from "./testing/wildPlanet.ts";

let planet: WildPlanet;
beforeEach(async () => {
  planet = await startWildPlanet();
});
afterEach(() => planet.close());

const HOUR = 60;
const titles = ({ entries }: BuiltPlanet) => entries.map(({ title }) => title);
const ids = ({ entries }: BuiltPlanet) => entries.map(({ id }) => id).sort();
const wild = (name: string) => readFile(new URL(`testdata/wild/${name}`, import.meta.url), "utf8");

interface Item {
  readonly title: string;
  readonly date?: string;
  readonly more?: string;
}

const rss = (home: string, items: readonly Item[], channel = "") =>
  `<rss version="2.0"><channel><title>x</title><link>${home}</link>${channel}${items
    .map(
      ({ title, date, more = `<guid isPermaLink="false">${title}</guid>` }) =>
        `<item><title>${title}</title>${date === undefined ? "" : `<pubDate>${date}</pubDate>`}<description>text of ${title}</description>${more}</item>`,
    )
    .join("")}</channel></rss>`;
const FRESH = rss("http://other.test/", [{ title: "fresh", date: "Mon, 18 May 2026 06:00:00 GMT" }]);

describe("where an entry stands", () => {
  test("undated pages of a site stand behind everything that is dated, without a date", async () => {
    const built = await planet.run({ a: "hugo-undated-page.xml", b: FRESH });
    expect(titles(built)).toEqual(["fresh", "New post", "Old post", "About me", "Imprint"]);
    expect(await built.file("index.html")).toMatch(/Undated[\s\S]*About me/);
  });

  test("a page that a site adds later without a date stands there, too", async () => {
    await planet.run({ a: "hugo-undated-page.xml" });
    const item = "<item><title>Privacy</title><link>http://hugo.test/privacy/</link></item></channel>";
    const built = await planet.run(
      { a: (await wild("hugo-undated-page.xml")).replace("</channel>", item) },
      { minutes: HOUR },
    );
    expect(titles(built)).toEqual(["New post", "Old post", "Privacy", "About me", "Imprint"]);
  });

  test("a build date lifts no undated entry, neither at first nor at a rebuild", async () => {
    const first = await planet.run({ a: "undated-rebuilt-1.xml", b: FRESH });
    const second = await planet.run({ a: "undated-rebuilt-2.xml", b: FRESH }, { minutes: 2 * HOUR });
    expect(titles(first)).toEqual(["fresh", "old-1", "old-2", "old-3"]);
    expect(titles(second)).toEqual(["new-0", ...titles(first)]);
    expect(second.entries.slice(1).map(({ updated }) => updated)).toEqual(first.entries.map(({ updated }) => updated));
  });

  test.each([
    ["a rebuild that gives all entries its own date", "regenerated"],
    ["an edit of an Atom entry that has `updated` alone", "atom-updated-only"],
  ])("%s moves nothing", async (_, name) => {
    const first = await planet.run({ a: `${name}-1.xml`, b: FRESH });
    const second = await planet.run({ a: `${name}-2.xml`, b: FRESH }, { minutes: HOUR });
    expect(second.entries.map(({ id }) => id)).toEqual(first.entries.map(({ id }) => id));
    expect(titles(second)[0]).toBe("fresh");
  });

  test("an edit that moves the date of publication keeps place, day and date", async () => {
    const item = (date: string) => rss("http://blog.test/", [{ title: "edited", date }]);
    const first = await planet.run({ a: item("Sun, 10 May 2026 10:00:00 GMT"), b: FRESH });
    const second = await planet.run({ a: item("Mon, 18 May 2026 11:00:00 GMT"), b: FRESH }, { minutes: HOUR });
    expect(titles(second)).toEqual(["fresh", "edited"]);
    expect(second.entries[1]?.updated).toBe(first.entries[1]?.updated);
    expect(await second.file("index.html")).toContain('<time datetime="2026-05-10">');
  });

  test("entries of one day stand as their feed has them", async () => {
    const [first, second, third] = ["zebra (posted last)", "middle", "apple (posted first)"];
    expect(titles(await planet.run({ a: "same-day-order.xml" }))).toEqual([first, second, third]);
  });

  test("undated entries stand as their feed has them", async () => {
    const items = ["z-newest", "middle", "apple-oldest"].map((title) => ({ title }));
    expect(titles(await planet.run({ a: rss("http://blog.test/", items) }))).toEqual(items.map(({ title }) => title));
  });

  test("a date in the future is shown but heads nothing, on the first run and later", async () => {
    for (const minutes of [0, HOUR]) {
      const built = await planet.run({ a: "future-date.xml", b: FRESH }, { minutes });
      expect(titles(built)).toEqual(["fresh", "Scheduled for January 2027"]);
      const page = await built.file("index.html");
      expect(page).toContain("January 01, 2027");
      expect(page).not.toContain('<time datetime="2027-01-01">');
    }
  });

  test("a date in the future stands right behind the last entry of its feed", async () => {
    const items = [
      { title: "future", date: "Fri, 01 Jan 2027 00:00:00 GMT" },
      { title: "latest", date: "Mon, 18 May 2026 05:00:00 GMT" },
      { title: "older", date: "Sun, 17 May 2026 05:00:00 GMT" },
    ];
    const built = await planet.run({ a: rss("http://blog.test/", items), b: FRESH });
    expect(titles(built)).toEqual(["fresh", "latest", "future", "older"]);
    expect((await built.file("index.html")).match(/<section class="day">/g)).toHaveLength(2);
  });

  test("a short feed's entries stay when newer ones push them out", async () => {
    await planet.run({ a: "short-feed-1.xml" });
    const built = await planet.run({ a: "short-feed-2.xml" }, { minutes: HOUR });
    expect(titles(built)).toEqual(["wed", "tue", "mon", "sun"]);
  });

  test("an entry that its author takes back goes", async () => {
    const items = ["18", "17", "16"].map((day) => ({ title: day, date: `${day} May 2026 05:00:00 GMT` }));
    await planet.run({ a: rss("http://blog.test/", items) });
    const without = items.filter(({ title }) => title !== "17");
    expect(titles(await planet.run({ a: rss("http://blog.test/", without) }, { minutes: HOUR }))).toEqual(["18", "16"]);
  });
});

describe("how an entry is known again", () => {
  const home = "http://blog.test/";
  const dated = (title: string, more: string) => ({ title, date: "Sun, 17 May 2026 10:00:00 GMT", more });

  test.each<[string, string, string]>([
    ["a link that moves to https", "http-to-https-1.xml", "http-to-https-2.xml"],
    [
      "an id that moves to https and `www.`",
      rss(home, [dated("x", "<guid>http://blog.test/1</guid>")]),
      rss("https://www.blog.test/", [dated("x", "<guid>https://www.blog.test/1</guid>")]),
    ],
    [
      "a new permalink, undated",
      rss(home, [{ title: "x", more: '<link>http://blog.test/1</link><guid isPermaLink="false">p1</guid>' }]),
      rss(home, [{ title: "x", more: '<link>http://blog.test/new/1</link><guid isPermaLink="false">p1</guid>' }]),
    ],
    [
      "a new guid for the same page",
      rss(home, [dated("x", '<link>http://blog.test/1</link><guid isPermaLink="false">p1</guid>')]),
      rss(home, [dated("x", '<link>http://blog.test/1</link><guid isPermaLink="false">post:1</guid>')]),
    ],
    [
      "a new title, without a guid",
      rss(home, [dated("x", "<link>http://blog.test/1</link>")]),
      rss(home, [dated("y", "<link>http://blog.test/1</link>")]),
    ],
  ])("%s changes no id and no place", async (_, before, after) => {
    const first = await planet.run({ a: before, b: FRESH });
    const second = await planet.run({ a: after, b: FRESH }, { minutes: HOUR });
    expect(ids(second)).toEqual(ids(first));
    expect(second.entries.map(({ id }) => id)).toEqual(first.entries.map(({ id }) => id));
  });

  test("another address of the feed changes no id, nor does a new server", async () => {
    const first = await planet.run({ old: "http-to-https-1.xml" });
    planet.forget();
    expect(ids(await planet.run({ new: "http-to-https-2.xml" }, { minutes: HOUR }))).toEqual(ids(first));
  });

  test.each([
    ["one guid, that of the home page", "guid-is-homepage.xml"],
    ["no guid and one link", "no-guid-same-link.xml"],
  ])("entries with %s are all shown, each with its own id, which stays", async (_, feed) => {
    const first = await planet.run({ a: feed });
    expect(new Set(ids(first)).size).toBe(3);
    const text = (await wild(feed)).replace(
      /<item>/,
      "<item><title>One more</title><link>http://x.test/</link></item>\n<item>",
    );
    const second = await planet.run({ a: text }, { minutes: HOUR });
    expect(ids(second)).toEqual(expect.arrayContaining(ids(first)));
    expect(new Set(ids(second)).size).toBe(4);
  });

  test("an id stays when a later entry has the same guid", async () => {
    const guid = '<guid isPermaLink="false">urn:x:blog</guid>';
    const item = (n: number) => dated(`Post ${n}`, `<link>http://blog.test/${n}</link>${guid}`);
    const first = await planet.run({ a: rss(home, [item(1)]) });
    const second = await planet.run({ a: rss(home, [item(2), item(1)]) }, { minutes: HOUR });
    expect(first.entries[0]?.id).toBe("urn:x:blog");
    expect(second.entries.find(({ title }) => title === "Post 1")?.id).toBe("urn:x:blog");
    expect(new Set(ids(second)).size).toBe(2);
  });

  test("an id that no feed may have, or that holds a password, is replaced", async () => {
    const more = (id: string) => `<link>http://blog.test/${id.length}</link><guid isPermaLink="false">${id}</guid>`;
    const bad = ["http://me:secret@blog.test/1", "urn:x:a b", "tag:nodate:1", "http://", "post-1"];
    const built = await planet.run({
      a: rss(
        home,
        bad.map((id) => dated(`t${id.length}`, more(id))),
      ),
    });
    expect(built.entries).toHaveLength(bad.length);
    for (const { id } of built.entries) expect(id).toMatch(/^urn:sha256:[0-9a-f]{64}$/);
    expect(await built.file("rss20.xml")).not.toContain("secret");
  });
});

describe("one entry in several feeds", () => {
  const date = "Sun, 17 May 2026 10:00:00 GMT";
  const one = (home: string, title: string, more: string) => rss(home, [{ title, date, more }]);

  test("blogs that point to the same page elsewhere are both shown", async () => {
    const built = await planet.run({ ann: "linkblog-ann.xml", bob: "linkblog-bob.xml" });
    expect(built.entries).toHaveLength(2);
    expect(await built.file("index.html")).not.toContain("also in");
    expect(await built.file("index.html")).toContain('src="http://bob.test/img/graph.png"');
  });

  test("so is a blog that points to another blog of the planet, in its own words", async () => {
    const link = "<link>http://ann.test/essay</link>";
    const built = await planet.run({
      ann: one("http://ann.test/", "Essay", `${link}<guid>http://ann.test/essay</guid>`),
      bob: one("http://bob.test/", "Read Ann!", `${link}<guid isPermaLink="false">b1</guid>`),
    });
    expect(titles(built).sort()).toEqual(["Essay", "Read Ann!"]);
  });

  test("equal ids are one entry, whatever the links", async () => {
    const guid = '<guid isPermaLink="false">https://medium.test/p/1</guid>';
    const built = await planet.run({
      author: one("http://ann.test/", "Essay", `${guid}<link>https://medium.test/1?source=a</link>`),
      journal: one("http://journal.test/", "Essay", `${guid}<link>https://medium.test/1?source=j</link>`),
    });
    expect(built.entries.map(({ id }) => id)).toEqual(["https://medium.test/p/1"]);
    expect(await built.file("index.html")).toContain("also in <bdi>journal</bdi>");
  });

  test("an essay that is published twice is one entry, and keeps the id that was published first", async () => {
    const essay = `<description>${"All that I know about harbours. ".repeat(20)}</description>`;
    const at = (host: string) =>
      rss(`http://${host}/`, [{ title: "Harbours", date, more: `<link>http://${host}/1</link>` }]);
    const text = (host: string) => at(host).replace(/<description>.*?<\/description>/, essay);
    const first = await planet.run({ a: FRESH, b: text("b.test") });
    const second = await planet.run({ a: text("a.test"), b: text("b.test") }, { minutes: HOUR });
    const [before, after] = [first, second].map(({ entries }) => entries.filter(({ title }) => title === "Harbours"));
    expect(after).toHaveLength(1);
    expect(after?.[0]).toMatchObject({ id: before?.[0]?.id, link: "http://a.test/1" });
  });

  test("two blogs with one home page that number their entries alike show both, each with its own id", async () => {
    const more = '<guid isPermaLink="false">1</guid>';
    const built = await planet.run({ a: one("http://uni.test/", "A", more), b: one("http://uni.test/", "B", more) });
    expect(titles(built)).toEqual(["A", "B"]);
    expect(new Set(ids(built)).size).toBe(2);
  });
});

test("a blog below the planet's address is not the planet's own feed, the planet's feeds are", async () => {
  const own = (await wild("blog-below-planet.xml")).replace("/news/atom.xml", "/rss20.xml");
  const { report } = await planet.run({ a: "blog-below-planet.xml", b: own });
  expect(report.feeds.map(({ state }) => state)).toEqual(["ok", "failing"]);
  expect(report.feeds[1]?.reason).toMatch(/^own-feed:/);
});

describe("what the outputs say of the planet", () => {
  const OUTPUTS = ["index.html", "titles_only.html", "atom.xml", "rss20.xml", "rss10.xml", "opml.xml", "foafroll.xml"];

  test("the password of a feed's address is in none of them, nor in the report", async () => {
    const blogroll = planet.server.origin.replace("//", "//me:secret@");
    const built = await planet.run({ feed: FRESH }, { login: "me:secret@", feedKeys: `blogroll = ${blogroll}` });
    expect(built.entries).toHaveLength(1);
    for (const name of OUTPUTS) expect(await built.file(name)).not.toContain("secret");
    expect(JSON.stringify(built.report)).not.toContain("secret");
  });

  test("nor in what is relative to that address, in an error, in the planet's own keys or in the log", async () => {
    const link = planet.server.origin.replace("//", "//me:secret@");
    const relative = `<rss version='2.0'><channel><title>t</title><link>/</link><item><title>x</title><link>/x</link>
      <enclosure url="/a.mp3" type="audio/mpeg" length="1"/><comments>/c</comments><source url="/s">S</source>
      <description>&lt;a href="/b">b&lt;/a> &lt;img src="i.png" srcset="j.png 2x"></description></item></channel></rss>`;
    const built = await planet.run(
      { feed: relative, absent: "", odd: "<html><link rel=alternate type=application/rss+xml href=/f>" },
      {
        login: "me:secret@",
        statuses: { absent: 404 },
        feedKeys: `face = ${link}/f.png\nlink = ${link}`,
        planetKeys: `link = ${link}\ndescription = at ${link}\nfeed = ${link}\ngenerator_uri = ${link}\npubsubhubbub_hub = ${link}`,
      },
    );
    expect(built.entries.map(({ title }) => title)).toEqual(["x"]);
    const outputs = await Promise.all([...OUTPUTS, "site.webmanifest"].map(built.file));
    expect(built.log).toHaveLength(2);
    expect([...outputs, JSON.stringify(built.report), ...built.log].filter((text) => text.includes("secret"))).toEqual(
      [],
    );
  });

  test("without an owner nobody is named, and one blog is one", async () => {
    const built = await planet.run({ a: FRESH });
    expect(await built.file("index.html")).not.toContain("Kept by");
    expect(await built.file("rss20.xml")).toContain("<description>Wild: 1 blog on one page</description>");
    for (const name of OUTPUTS) expect(await built.file(name)).not.toContain("Anonymous");
  });

  test("an entry without an address has no link, in the list of titles either", async () => {
    const feed = "<rss version='2.0'><channel><title>x</title><item><title>lonely</title></item></channel></rss>";
    const page = await (await planet.run({ a: feed })).file("titles_only.html");
    expect(page).toContain("lonely");
    expect(page).not.toContain('href=""');
  });

  test("each entry of rss10.xml has a name of its own, though links are shared", async () => {
    const { file } = await planet.run({ a: "no-guid-same-link.xml" });
    const names = [...(await file("rss10.xml")).matchAll(/<item rdf:about="([^"]*)"/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(3);
  });
});
