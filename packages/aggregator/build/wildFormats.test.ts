import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startWildPlanet, type WildPlanet } from "./testing/wildPlanet.ts";

let planet: WildPlanet;
beforeEach(async () => {
  planet = await startWildPlanet();
});
afterEach(() => planet.close());

const MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"';
const rss = (item: string) =>
  `<rss version="2.0" ${MEDIA}><channel><title>A</title><item>${item}</item></channel></rss>`;
const json = (item: object) =>
  JSON.stringify({ version: "https://jsonfeed.org/version/1.1", title: "A", items: [{ id: "1", ...item }] });
const page = (link: string) => `<!doctype html><html><head><title>A</title><link ${link}></head><body>Hi</body></html>`;
const pictures = (html: string) =>
  [...html.matchAll(/<img src="([^"]*)"(?: alt="([^"]*)")?/g)].map(
    ([, src = "", alt = ""]) => `${src.replaceAll("&amp;", "&")} (${alt})`,
  );
/** Titles in atom.xml are HTML. */
const unescaped = (title: string) => title.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

describe("formats of real feeds (proves what a reader sees; the rules of each part have tests of their own)", () => {
  test("one wrong byte spoils one character, not the feed", async () => {
    const { entries } = await planet.run({ a: "utf8-one-bad-byte.xml" });
    expect(entries.map(({ title, html }) => [title, html])).toEqual([
      ["Excerpt cut by bytes", "<p>Ein Auszug endet mitten im Zeichen: sch\ufffd</p>"],
      ["Żółć and naïve café – „quotes“", "<p>Größe, Übermut, 日本語 text</p>"],
    ]);
  });

  test.each([
    ["a DOCTYPE in JSON", "json-doctype.json", ["The <!DOCTYPE declaration", "b"]],
    ["a DOCTYPE in CDATA", rss("<title><![CDATA[<!DOCTYPE html [ and me]]></title>"), ["<!DOCTYPE html [ and me"]],
    ["a reading list", "opml-in-title.xml", ["Exporting subscriptions"]],
    ["a reading list in JSON", json({ title: "The <opml> element" }), ["The <opml> element"]],
    ["another format", json({ title: "x", content_html: "An <rss version='2'> or <feed xmlns=''>" }), ["x"]],
  ])("a feed may speak of %s", async (_, feed, expected) => {
    expect((await planet.run({ a: feed })).entries.map(({ title }) => unescaped(title))).toEqual(expected);
  });

  test("control characters are spaces or nothing", async () => {
    const [entry] = (await planet.run({ a: "control-chars.xml" })).entries;
    expect(entry?.title).toMatch(/^Word ?pasted$/);
    expect(entry?.html).not.toContain("\ufffd");
  });

  test.each([
    ["unquoted", "autodiscovery-unquoted.html", "/index.xml"],
    ["as Hugo escapes it", page('rel="alternate" type="application/rss&#43;xml" href="/index.xml"'), "/index.xml"],
    ["of JSON", page("rel='alternate' type='application/feed+json' href='feed.json'"), "/feed.json"],
  ])("a web page's feed is named: %s", async (_, feed, path) => {
    const { report } = await planet.run({ a: feed });
    expect(report.feeds[0]?.reason).toContain(`${planet.server.origin}${path}`);
  });

  test("what follows an empty element of XHTML is shown", async () => {
    const { entries } = await planet.run({ a: "xhtml-selfclosed.atom.xml" });
    expect(entries.map(({ html }) => html)).toEqual([
      "<p>before</p><p>after: the rest of the article</p>",
      "<p>be<i></i>fore</p><pre></pre><p>after</p>",
    ]);
  });

  test("names and categories are text, and no name is an address of mail", async () => {
    const { entries, file } = await planet.run({ a: "author-category-entities.xml" });
    const jane = ["C", "D", "F", "G"].map((title) => `${title} by Jane Roe`);
    const others = ["A by Miles O’Hara", "B by Ann Author, Bob Author", "E by a"];
    expect(entries.map(({ title, author }) => `${title} by ${author}`).sort()).toEqual([...others, ...jane].sort());
    const atom = await file("atom.xml");
    expect(atom).toContain('<category term="Q&amp;A"/>\n<category term="Café"/>');
    for (const name of ["index.html", "atom.xml", "rss20.xml", "rss10.xml"]) {
      expect(await file(name)).not.toContain("jane@");
    }
  });

  test("several authors are all named, on the page and in atom.xml", async () => {
    const { file } = await planet.run({ a: "two-authors.xml" });
    expect(await file("atom.xml")).toContain("<author><name>Ann</name></author>\n<author><name>Bob</name></author>");
    expect(await file("index.html")).toContain("<bdi>Ann, Bob</bdi>");
    expect(await file("rss20.xml")).toContain("<dc:creator>Ann, Bob</dc:creator>");
  });

  test("a title from the text is cut between characters", async () => {
    const { entries, file } = await planet.run({ a: "untitled-emoji.xml" });
    expect(entries[0]?.title).toMatch(/^x{74}🌷🌷…$/u);
    expect(await file("rss20.xml")).toMatch(/<title>a: x{74}🌷🌷…/u);
  });

  test("pictures beside the text are shown once, with what they show; faces and Flash are not", async () => {
    const { entries, file } = await planet.run({
      mastodon: "mastodon.xml",
      wordpress: "wordpress-com-media.xml",
      youtube: `<feed xmlns="http://www.w3.org/2005/Atom" ${MEDIA}><title>Y</title><entry><id>yt:video:a</id><title>Film</title>
        <link href="https://y.test/watch?v=a"/><media:group><media:title>Film</media:title>
        <media:content url="https://y.test/v/a?version=3" type="application/x-shockwave-flash"/>
        <media:thumbnail url="https://i.y.test/a.jpg" width="480" height="360"/>
        <media:description>What it is about.</media:description></media:group></entry></feed>`,
      sizes:
        rss(`<title>Sizes</title><media:content medium="image" width="140" url="http://m.test/140/a.jpg?width=140&amp;s=1"/>
        <media:content medium="image" width="700" url="http://m.test/700/a.jpg?width=700&amp;s=2"/>`),
      substack:
        rss(`<title>Cover</title><description>&lt;img src="https://cdn.test/w_9/https%3A%2F%2Fs3.test%2Fa_1x1.png"&gt;
        </description><enclosure url="https://cdn.test/fetch/f_auto/https%3A%2F%2Fs3.test%2Fa_1x1.png" length="0" type="image/jpeg"/>`),
    });
    const shown = Object.fromEntries(entries.map(({ title, html }) => [title, pictures(html)]));
    expect(shown).toEqual({
      "Two pictures of my garden 🌷": [
        "https://social.test/media/one.jpg (A red tulip)",
        "https://social.test/media/two.jpg (A yellow tulip)",
      ],
      "": ["https://social.test/media/three.jpg (Only a picture: a cat asleep on a router)"],
      "Three photos": ["https://wp.test/a.jpg ()", "https://wp.test/b.jpg ()", "https://wp.test/c.jpg ()"],
      "A short note without a title": [],
      Film: ["https://i.y.test/a.jpg ()"],
      Sizes: ["http://m.test/700/a.jpg?width=700&s=2 ()"],
      Cover: ["https://cdn.test/w_9/https%3A%2F%2Fs3.test%2Fa_1x1.png ()"],
    });
    expect(await file("atom.xml")).not.toContain('rel="enclosure"');
    expect(entries.find(({ title }) => title === "Film")?.html).toContain("What it is about.");
  });

  test("a podcast keeps its file, with type and length", async () => {
    const { file } = await planet.run({
      a: rss(`<title>Twelve</title><enclosure url="http://b.test/e12.mp3" length="1234" type="audio/mpeg"/>
        <media:content url="http://b.test/e12.mp3" type="audio/mpeg" medium="audio"/>`),
      b: rss(`<title>Untyped</title><media:content url="http://b.test/e13.m4a?x=1" fileSize="99"/>`),
    });
    const enclosures = [...(await file("rss20.xml")).matchAll(/<enclosure [^>]*>/g)].map(([tag]) => tag);
    expect(enclosures.sort()).toEqual([
      '<enclosure url="http://b.test/e12.mp3" type="audio/mpeg" length="1234"/>',
      '<enclosure url="http://b.test/e13.m4a?x=1" type="audio/mp4" length="99"/>',
    ]);
    expect(await file("index.html")).toContain('<audio controls preload="none" src="http://b.test/e12.mp3"');
  });

  test("a broken feed loses what is broken, and nothing else", async () => {
    const { report } = await planet.run({ cut: "truncated-after-item.xml", head: "head-unclosed.xml" });
    expect(report.feeds.map(({ entries }) => entries)).toEqual([2, 2]);
  });

  test.each([
    ["FeedBurner's original", "feedburner-origlink.xml", "http://blog.test/2026/05/post/"],
    ["relative to the blog", "relative-item-link.xml", "https://blog.test/2026/05/post"],
  ])("links lead to the page: %s", async (_, feed, link) => {
    const [entry] = (await planet.run({ a: feed })).entries;
    expect(entry?.link).toBe(link);
    expect(entry?.html).not.toContain("127.0.0.1");
  });

  test("comments lead to a page", async () => {
    const { file } = await planet.run({ a: "blogger.xml" });
    expect(await file("index.html")).toContain('href="http://b.blogspot.test/2026/05/a-post.html#comment-form"');
  });

  test("base64 is decoded, CDATA that was escaped is unwrapped", async () => {
    const base64 = (await planet.run({ a: "atom-base64.xml" })).entries;
    expect(base64.map(({ html }) => html)).toContain("<p>Example <b>Atom</b></p>".replace(/<\/?p>/g, ""));
    const cdata = (await planet.run({ b: "double-cdata.xml" })).entries;
    expect(cdata.map(({ title, html }) => [title, html])).toContainEqual([
      "Wrapped title",
      "<p>Wrapped <b>body</b></p>",
    ]);
  });

  test("a reading list subscribes to what it can, and counts the rest", async () => {
    const { report } = await planet.run(
      {
        list: `<opml><body><outline xmlUrl="feed:http://a.test/f"/><outline xmlUrl="gopher://a.test/"/></body></opml>`,
      },
      { feedKeys: "content_type = opml" },
    );
    expect(report.feeds.map(({ url }) => url)).toContain("http://a.test/f");
    expect(report.warnings).toEqual([expect.stringContaining("1 subscriptions left out")]);
  });

  test("every date of the wild is read", async () => {
    const { entries } = await planet.run({ a: "dates-variants.xml" });
    const dates = entries.map(({ title, updated }) => `${title.split(":")[0]} ${updated}`).sort();
    expect(dates).toEqual([
      "0 2026-05-17T20:04:05Z",
      "1 2026-05-17T15:04:05Z",
      "2 2026-05-17T15:04:00Z",
      "3 2026-05-17T15:04:00Z",
      "4 2026-05-17T15:04:05Z",
      "5 2026-05-17T07:00:00Z",
      "6 2026-05-17T08:00:00Z",
      "7 2026-05-17T14:04:05Z",
      "8 2026-05-17T15:04:00Z",
      "9 2026-05-17T08:00:00Z",
    ]);
  });
});
