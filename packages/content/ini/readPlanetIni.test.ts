import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readPlanetIni } from "./readPlanetIni.ts";

const file = (name: string) => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const codes = (text: string) => readPlanetIni(text).problems.map(({ line, level, code }) => `${line} ${level} ${code}`);
const PLANET = "[Planet]\nname = A\nlink = https://p.example/\n";
const FEED = "[https://a.example/f]\nname = F\n";

describe("categories", () => {
  const read = (value: string) =>
    readPlanetIni(`[Planet]\nlink = http://p.example/\ncategories = ${value}\n[http://a.example/f]\n`);

  test("are separated by commas or lines; spellings of one name are one", () => {
    expect(read("Python, Web  design ,\n  python,Caf&eacute;").config?.categories).toEqual([
      "Python",
      "Web  design",
      "Café",
    ]);
    expect(read("").config?.categories).toEqual([]);
  });

  test.each([
    ["too-many-categories", Array.from({ length: 51 }, (_, index) => index).join(",")],
    ["long-category", "x".repeat(101)],
  ])("%s is an error", (code, value) => {
    expect(read(value).problems).toEqual([expect.objectContaining({ level: "error", code, line: 3 })]);
  });
});

describe("readPlanetIni (proves what a file means; not what is fetched)", () => {
  test("reads the Venus dialect with defaults, faces and a bill of materials", () => {
    const { config, problems } = readPlanetIni(file("venus.ini"));
    expect(problems.filter(({ level }) => level === "error")).toEqual([]);
    expect(config).toMatchObject({
      name: "Planet Lakeside",
      link: "https://planet.lakeside.example/",
      itemsPerPage: 30,
      billOfMaterials: ["images/ada.png", "images/logo.png"],
    });
    expect(config?.feeds.map(({ name, face, faceWidth }) => [name, face, faceWidth])).toEqual([
      ["Ada", "ada.png", 64],
      ["Gaëlle", undefined, 80],
    ]);
  });

  test.each([
    ["patterns", Array.from({ length: 501 }, (_, index) => `images/${index}.png`).join(" "), ""],
    [
      "feeds",
      "images/#{face}",
      Array.from({ length: 501 }, (_, index) => `[http://${index}.example/]\nface = ${index}.png\n`).join(""),
    ],
  ])("more named files than may be published are an error, made by %s", (_, bill, feeds) => {
    const text = `[Planet]\nname = P\nlink = http://p.example/\nbill_of_materials = ${bill}\n${feeds}[http://a.example/]\nname = A\n`;
    const { problems } = readPlanetIni(text);
    expect(problems.filter(({ level }) => level === "error").map(({ code }) => code)).toEqual(["too-many-files"]);
  });

  test("takes the habits of old planets without an error, and has a word for each that changes something", () => {
    const { config, problems } = readPlanetIni(file("habits.ini"));
    expect(problems.filter(({ level }) => level === "error")).toEqual([]);
    expect(config).toMatchObject({ name: "Planet Harbour", link: "http://planet.harbour.example/", locale: "de-DE" });
    expect(config?.feeds.map(({ url, name, link }) => [url, name, link])).toEqual([
      ["http://tide.example/?feed=rss2&cat=3", "Tide & Time", "http://tide.example"],
      ["http://gull.example/atom.xml", "Gull", undefined],
      ["http://www.pier.example/pier.xml", "Pier 3", undefined],
      ["http://list.example/members.opml", "list.example", undefined],
    ]);
    expect(problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      "4 no-scheme",
      "7 ignored-key",
      "11 foreign-template",
      "13 ignored-key",
      "14 ignored-key",
      "19 unknown-value",
      "23 ignored-key",
      "24 ignored-key",
      "25 ignored-key",
      "29 ignored-key",
      "30 rem-comment",
      "40 template-section",
      "45 template-section",
      "48 ignored-filter",
      "57 no-scheme",
      "58 ignored-key",
      "61 feed-scheme",
      "63 duplicate-key",
      "67 duplicate-feed",
    ]);
  });

  test.each([
    ["http://p.example/planet", "http://p.example/planet/"],
    ["http://p.example/index.html", "http://p.example/"],
    ["http://p.example/planet/index.php?lang=en#top", "http://p.example/planet/"],
    ["http://p.example/#", "http://p.example/"],
    ["http://index.example", "http://index.example/"],
    ["http://index.html", "http://index.html/"],
  ])("the planet's link %s is the folder of its pages", (link, folder) => {
    expect(readPlanetIni(`[Planet]\nname = A\nlink = ${link}\n${FEED}`).config?.link).toBe(folder);
  });

  test("reads the Pluto dialect: no first header, slugs, indented keys", () => {
    const { config, problems } = readPlanetIni(file("pluto.ini"));
    expect(problems.map(({ code }) => code)).toEqual(["no-feed-url"]);
    expect(config).toMatchObject({ name: "Planet Pluto", link: "https://pluto.example/" });
    expect(config?.feeds).toMatchObject([
      { url: "https://one.example/feed", name: "One", link: "https://one.example/", face: "one.png", author: "Uno" },
      { url: "https://two.example/feed", name: "Two", filter: "ruby|rails" },
    ]);
  });

  test.each([
    ["name = x ; note", "x"],
    ["name = http://e/;x", "http://e/;x"],
    ["name = C# # z", "C# # z"],
    ['name = "Miles O\'Keefe"', "Miles O'Keefe"],
    ["name = Ga&#235;l &amp; co", "Gaël & co"],
    ["name = a\n  b", "a\nb"],
    ["name = a\n\n  b", "a\nb"],
    ["name = a\n# note\n  # note\n  [b]", "a\n[b]"],
    ["name = a\nname =", "a"],
    ["name: a", "a"],
    ["NAME = a", "a"],
    ["name = 100%% %B", "100%% %B"],
    ["name =", "a.example"],
    ["__proto__ = x\nconstructor = y\nname = a", "a"],
  ])("feed section %j is named %j", (lines, name) => {
    expect(readPlanetIni(`${PLANET}[https://a.example/f]\n${lines}\n`).config?.feeds[0]?.name).toBe(name);
  });

  test.each([
    ["no planet and no feed", "hello = 1\n", ["0 warning no-link", "0 error no-feeds", "1 warning stray-key"]],
    ["a planet without feeds", PLANET, ["0 error no-feeds"]],
    ["header without its bracket", `${PLANET}${FEED}[https://b.example/f}\nname = B\n`, ["6 error broken-header"]],
    ["URL without brackets", `${PLANET}${FEED}https://b.example/f = x\n`, ["6 error header-like-key"]],
    ["unknown section", `${PLANET}${FEED}[what]\nx = 1\n`, ["6 error unknown-section"]],
    ["file: URL", `${PLANET}${FEED}[file:///etc/passwd]\n`, ["6 error feed-url"]],
    ["feed: URL", `${PLANET}[feed://a.example/f]\n`, ["4 warning feed-scheme"]],
    ["same feed twice", `${PLANET}${FEED}[https://A.example:443/f]\nface = f.png\n`, ["6 warning duplicate-feed"]],
    ["same key twice", `${PLANET}name = B\n${FEED}`, ["4 warning duplicate-key"]],
    ["line without =", `${PLANET}nonsense\n${FEED}`, ["4 warning no-value"]],
    ["rem", `${PLANET}REM old\n${FEED}`, ["4 warning rem-comment"]],
    ["interpolation", `${PLANET}owner_name = %(name)s\n${FEED}`, ["4 warning interpolation"]],
    [
      "continuation that looks like a feed",
      `${PLANET}  [https://x/?a=b]\n${FEED}`,
      ["4 warning continuation-like-key"],
    ],
    ["misspelt planet key", `${PLANET}activity_threshhold = 7\n${FEED}`, ["4 warning unknown-key"]],
    ["misspelt feed key", `${PLANET}${FEED}facee = a.png\n`, ["6 warning unknown-key"]],
    ["free feed key", `${PLANET}${FEED}blogname = a\n`, []],
    ["no number", `${PLANET}items_per_page = many\n${FEED}`, ["4 error not-a-number"]],
    ["too large a number", `${PLANET}items_per_page = 9999\n${FEED}`, ["4 warning out-of-range"]],
    ["bad pattern", `${PLANET}${FEED}[https://b.example/f]\nfilter = (\n`, ["7 error bad-pattern"]],
    [
      "bad pattern in a later line",
      `${PLANET}${FEED}[https://b.example/f]\nfilter =\n  a\n  (\n`,
      ["7 error bad-pattern"],
    ],
    [
      "a flag that JavaScript lacks",
      `${PLANET}${FEED}[https://b.example/f]\nfilter = (?x) a\n`,
      ["7 error bad-pattern"],
    ],
    ["Python's flags", `${PLANET}${FEED}filter = (?i)a\n`, []],
    ["many long patterns", `${PLANET}${FEED}filter =\n  ${"a".repeat(900)}\n  ${"b".repeat(900)}\n`, []],
    [
      "a pattern that is too long",
      `${PLANET}${FEED}[https://b.example/f]\nfilter = ${"a".repeat(1_025)}\n`,
      ["7 error bad-pattern"],
    ],
    [
      "own the paths",
      `${PLANET}cache_directory = x\ncache_lock_directory = y\n${FEED}`,
      ["4 warning ignored-key", "5 warning ignored-key"],
    ],
    ["date directive", `${PLANET}date_format = %Q %B\n${FEED}`, ["4 warning date-directive"]],
    ["an encoding that is not written", `${PLANET}encoding = latin1\n${FEED}`, ["4 warning unknown-value"]],
    [
      "what nothing here does",
      `${PLANET}output_theme = asf\nfeedtype = rss\n${FEED}`,
      ["4 warning ignored-key", "5 warning ignored-key"],
    ],
    ["ASCII with references", `${PLANET}encoding = xml\n${FEED}`, ["4 warning unknown-value"]],
    ["a home page without a scheme", `${PLANET}${FEED}link = a.example\n`, ["6 warning no-scheme"]],
    ["a home page that is a file", `${PLANET}${FEED}link = file:///etc/passwd\n`, ["6 warning not-a-url"]],
    [
      "a page of Venus with its filter",
      `${PLANET}[index.html.xslt]\nfilters:\n  addsearch.xslt\n${FEED}`,
      ["4 warning template-section"],
    ],
    [
      "a page of Planet with its settings",
      `${PLANET}[examples/x/rss10.xml.tmpl]\nitems_per_page = 5\n${FEED}`,
      ["4 warning template-section"],
    ],
    ["a page without settings", `${PLANET}[rss10.xml.tmpl]\n${FEED}`, []],
    ["a filter with arguments", `${PLANET}[excerpt.py?omit=img]\nwidth = 500\n${FEED}`, ["4 warning ignored-filter"]],
    ["filters of one feed", `${PLANET}${FEED}filters = a.py\n`, ["6 warning ignored-key"]],
    ["[Planet] twice", `${PLANET}${FEED}[planet]\nname = B\n`, ["6 warning duplicate-section"]],
    [
      "a feed twice, with keys in both",
      `${PLANET}${FEED}[https://a.example/f]\nname = G\nface = g.png\n`,
      ["6 warning duplicate-feed"],
    ],
    [
      "feeds that all have an error",
      `${PLANET}[https://a.example/f]\nfilter = (\n`,
      ["0 error no-feeds", "5 error bad-pattern"],
    ],

    ["a zone that nobody knows", `${PLANET}timezone = Europe/Hamburg\n${FEED}`, ["4 warning unknown-value"]],
    ["a bare offset", `${PLANET}timezone = +01:00\n${FEED}`, ["4 warning unknown-value"]],
    ["POSIX locale", `${PLANET}locale = de_AT.UTF-8\n${FEED}`, []],
    ["foaf reading list", `${PLANET}${FEED}[https://b.example/l]\ncontent_type = foaf\n`, ["7 error reading-list"]],
    ["password in URL", `${PLANET}[https://u:p@a.example/f]\n`, ["4 warning public-password"]],
    ["no link", `[Planet]\nname = A\n${FEED}`, ["0 warning no-link"]],
  ])("%s", (_, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  test("a wrong line of [DEFAULT] is one problem, however many feeds have it", () => {
    const feeds = ["a", "b", "c"].map((host) => `[https://${host}.example/f]\n`).join("");
    expect(codes(`${PLANET}[DEFAULT]\nfuture_dates = never\n${feeds}`)).toEqual(["5 warning unknown-value"]);
  });

  test.each([
    ["tuxmea.example.org", "http://tuxmea.example.org"],
    ["//a.example/x?y", "http://a.example/x?y"],
    ["münchen.example:8080/", "http://münchen.example:8080/"],
    ["index.html", undefined],
    ["/blog/", undefined],
    ["javascript:alert(1)", undefined],
    ["me@a.example", undefined],
  ])("link = %s is %s", (link, expected) => {
    expect(readPlanetIni(`${PLANET}${FEED}link = ${link}\n`).config?.feeds[0]?.link).toBe(expected);
  });

  test.each([
    ["excerpt.py?omit=img", "excerpt.py: use `excerpt`"],
    ["stripAd/yahoo.sed", "yahoo.sed: nothing here does the same"],
  ])("filters = %s says what does the same", (program, words) => {
    expect(readPlanetIni(`${PLANET}filters = ${program}\n${FEED}`).problems[0]?.text).toContain(words);
  });

  test.each([
    ["irc:jane", undefined],
    ["nick:jane irc:jane member", undefined],
    ["Jane Doe", "Jane Doe"],
    ["Jane irc:jane", "Jane irc:jane"],
  ])("author = %s is the name %s", (author, expected) => {
    expect(readPlanetIni(`${PLANET}${FEED}author = ${author}\n`).config?.feeds[0]?.author).toBe(expected);
  });

  test("a section with an error is left out, the others stay", () => {
    const { config } = readPlanetIni(`${PLANET}${FEED}[https://b.example/f]\nfilter = (\n[https://c.example/f]\n`);
    expect(config?.feeds.map(({ url }) => url)).toEqual(["https://a.example/f", "https://c.example/f"]);
  });

  test("a broken header does not rename the feed above it", () => {
    const { config } = readPlanetIni(`${PLANET}${FEED}[https://b.example/f\nname = B\n`);
    expect(config?.feeds.map(({ name }) => name)).toEqual(["F"]);
  });

  test("planet-wide values reach every feed, [DEFAULT] and the section win", () => {
    const text = `${PLANET}keep_days = 5\nnew_feed_items = 3\n[default]\nnew_feed_items = 2\n${FEED}[https://b.example/f]\nkeep_days = 1\n`;
    expect(readPlanetIni(text).config?.feeds.map(({ keepDays, newFeedItems }) => [keepDays, newFeedItems])).toEqual([
      [5, 2],
      [1, 2],
    ]);
  });

  test("planet-wide future_dates and feed_timeout are those of each feed that has none", () => {
    const text = `${PLANET}future_dates = ignore_entry\nfeed_timeout = 7\n${FEED}[https://b.example/f]\nfuture_dates = keep\n`;
    expect(readPlanetIni(text).config?.feeds).toMatchObject([
      { futureDates: "ignore_entry", timeoutSeconds: 7 },
      { futureDates: "keep", timeoutSeconds: 7 },
    ]);
  });

  test.each([
    ["UTF-8 with BOM and CRLF", Buffer.from(`\ufeff${PLANET}${FEED}`.replaceAll("\n", "\r\n")), []],
    ["windows-1252", Buffer.from(`${PLANET}${FEED}author = Gaël\n`, "latin1"), ["not-utf8"]],
    ["NUL bytes", Buffer.from(`${PLANET}\0`), ["not-text"]],
    ["over 1 MB", Buffer.alloc(1_048_577, "#"), ["too-large"]],
    ["over 5,000 sections", Buffer.from(PLANET + "[http://a/]\n".repeat(5_001)), ["too-many-sections"]],
    ["an 8 KB line", Buffer.from(`${PLANET}${FEED}x = ${"y".repeat(8_300)}\n`), ["line-too-long"]],
  ])("%s", (_, bytes, expected) => {
    expect(readPlanetIni(bytes).problems.map(({ code }) => code)).toEqual(expected);
  });

  test("reads the quotes and the euro sign of windows-1252 as such, whatever Node's own decoder makes of them", () => {
    const bytes = Buffer.concat([
      Buffer.from(`${PLANET}[https://a.example/f]\nname = `),
      Buffer.from([0x93, 0x80, 0x94]),
    ]);
    expect(readPlanetIni(bytes).config?.feeds.map(({ name }) => name)).toEqual(["\u201c\u20ac\u201d"]);
  });

  test("never throws, whatever the bytes", () => {
    const words = [
      "[",
      "]",
      "Planet",
      "\n",
      " ",
      "=",
      ":",
      "://",
      "http://a.example/",
      "feed",
      "name",
      ";",
      "#",
      "rem ",
      "\r",
      "%(x)s",
      "é",
      "{",
      "filter",
      "template_files",
      ".tmpl",
    ];
    const soup = fc.array(fc.constantFrom(...words)).map((parts) => parts.join(""));
    fc.assert(fc.property(soup, (text) => Array.isArray(readPlanetIni(text).problems)));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => Array.isArray(readPlanetIni(bytes).problems)));
  });
});
