import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { addFeeds, type NewFeed, readPlanetIni } from "@planet/content";
import fc from "fast-check";
import { checkoutWith, feeds, INI, siteFile } from "./testing/testFeeds.ts";

const OPML = `<?xml version="1.0" encoding="utf-8"?>
<opml version="1.0"><head><title>List</title></head><body>
<outline text="Anna again" type="rss" xmlUrl="http://user:secret@A.example:80/feed"/>
<outline text="Harbour"><outline text="Boats"><outline text="R&D boats" xmlUrl="http://b.example/f?a=1&b=2" htmlUrl="http://b.example/"/></outline>
<outline title='Lower' type='rss' xmlurl='feed:https://c.example/x y]'/></outline>
<outline text="Another list" type="include" url="http://d.example/list.opml"/>
<outline text="A file" type="rss" xmlUrl="file:///etc/passwd"/>
<outline text="Locked; &quot;in&quot;" type="atom" url="http://me:pw@e.example/f" htmlUrl="javascript:alert(1)"/>
</body></opml>`;

/** Runs import with a file of these bytes. */
async function importing(opml: string | Uint8Array, ini = INI) {
  const checkout = checkoutWith({ "planet.ini": ini });
  const path = join(checkout, "list.opml");
  writeFileSync(path, opml);
  const run = () => feeds(["import", path], checkout);
  return { checkout, run, ...(await run()) };
}

const feedsOf = (ini: string | Uint8Array) => readPlanetIni(ini).config?.feeds ?? [];

describe("planet feeds import (proves what is added; nobody is asked whether it answers)", () => {
  test("adds what is not there, keeps every byte that was, and says what it left out", async () => {
    const { checkout, code, out, err } = await importing(OPML);
    expect(code).toBe(0);
    const after = siteFile(checkout);
    expect(after.startsWith(INI)).toBe(true);
    expect(feedsOf(after).map(({ url, name, link, values }) => [url, name, link, values.get("group")])).toEqual([
      ["http://a.example/feed", "Anna", undefined, undefined],
      ["http://b.example/f?a=1&b=2", "R&D boats", "http://b.example/", "Harbour / Boats"],
      ["https://c.example/x%20y%5D", "Lower", undefined, "Harbour"],
      ["http://me:pw@e.example/f", 'Locked; "in"', undefined, undefined],
    ]);
    expect(out).toContain("+group = Harbour / Boats");
    expect(err).toContain("skipped: file:///etc/passwd is no http or https URL");
    expect(err).toContain("warning: the URL at e.example holds a password");
    expect(err).toContain("3 added, 1 already there, 1 skipped");
  });

  test("of many that it leaves out it names the first, and no password of theirs", async () => {
    const many = Array.from({ length: 40 }, (_, n) => `<outline xmlUrl="ftp://me:secret@${n}.example/"/>`).join("");
    const { err } = await importing(many);
    expect(err.split("\n").filter((line) => line.startsWith("skipped: "))).toHaveLength(11);
    expect(err).toContain("skipped: ftp://0.example/ is no http");
    expect(err).toContain("skipped: 30 more\n0 added, 0 already there, 40 skipped");
    expect(err).not.toContain("secret");
  });

  test("a second import changes nothing", async () => {
    const { checkout, run } = await importing(OPML);
    const before = siteFile(checkout);
    expect(await run()).toMatchObject({ code: 0, out: "", err: expect.stringContaining("Nothing was changed.") });
    expect(siteFile(checkout)).toBe(before);
  });

  test("speaks Pluto's dialect where the file does", async () => {
    const { checkout } = await importing(OPML, "title = P\n[a]\n  feed = http://a.example/feed\n");
    expect(siteFile(checkout)).toContain("[bexample]\n  title = R&D boats\n  feed = http://b.example/f?a=1&b=2\n");
  });

  test.each<[string, string | Uint8Array]>([
    ["no outlines", "<opml><body/></opml>"],
    ["no feeds", '<opml><body><outline text="x"/></body></opml>'],
    ["a page", "<html><body>Not found</body></html>"],
    ["more than 5 MB", Buffer.alloc(5_242_881, " ")],
    ["250,000 outlines in one another", '<outline text="x">'.repeat(250_000)],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
  ])("refuses %s", async (_, opml) => {
    await expect(importing(opml)).rejects.toMatchObject({ code: "OPML_UNUSABLE", exitCode: 1 });
  });

  const one = '<outline xmlUrl="http://b.example/"/>';
  test.each<[string, string | Uint8Array]>([
    ["900 outlines in one another", '<outline text="x">'.repeat(900) + one],
    [
      "declared entities",
      `<!DOCTYPE o [<!ENTITY a "${"x".repeat(99)}"><!ENTITY b "&a;&a;&a;">]><opml>${one}&b;</opml>`,
    ],
    ["outlines that are never closed", `<opml><body>${one.replace("/>", ">")}`],
    ["another encoding", Buffer.from(`<?xml version="1.0" encoding="iso-8859-1"?><o>\xe9${one}</o>`, "latin1")],
    ["the same feed 20,000 times", one.repeat(20_000)],
    ["a name that would be a section", one.replace(" ", ' text="x&#10;[http://evil.example/]&#10;" ')],
    ["__proto__", `<__proto__ __proto__="x">${one}</__proto__>`],
  ])("reads %s", async (_, opml) => {
    const { checkout } = await importing(opml);
    expect(feedsOf(siteFile(checkout)).map(({ url }) => url)).toEqual(["http://a.example/feed", "http://b.example/"]);
  });

  test("more feeds than a planet.ini may have are refused as a whole", async () => {
    const many = Array.from({ length: 6_000 }, (_, n) => `<outline xmlUrl="http://${n}.example/"/>`).join("");
    const checkout = checkoutWith({ "planet.ini": INI });
    writeFileSync(join(checkout, "many.opml"), many);
    const run = feeds(["import", join(checkout, "many.opml")], checkout);
    await expect(run).rejects.toMatchObject({ code: "FEEDS_NOT_READ" });
    expect(siteFile(checkout)).toBe(INI);
  });
});

describe("planet feeds export", () => {
  const INI_WITH_ALL = `${INI}[http://u:pw@b.example/?a&b]\nname = B "&" C\nlink = https://b.example/\ngroup = X / Y\n[http://l.example/o]\ncontent_type = opml\n`;

  test("writes OPML 2.0 in the order of planet.ini, with groups and lists, without passwords", async () => {
    const { out } = await feeds(["export"], checkoutWith({ "planet.ini": INI_WITH_ALL }));
    expect(out).toBe(`<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
<head><title>P</title></head>
<body>
<outline type="rss" text="Anna" title="Anna" xmlUrl="http://a.example/feed"/>
<outline type="include" text="l.example" url="http://l.example/o"/>
<outline text="X">
  <outline text="Y">
    <outline type="rss" text="B &quot;&amp;&quot; C" title="B &quot;&amp;&quot; C" xmlUrl="http://b.example/?a&amp;b" htmlUrl="https://b.example/"/>
  </outline>
</outline>
</body>
</opml>
`);
  });

  test("into a file, over an older list, but over nothing else", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const path = join(checkout, "list.opml");
    for (let run = 0; run < 2; run += 1) expect((await feeds(["export", path], checkout)).err).toContain("1 feed(s)");
    const slip = feeds(["export", join(checkout, "site/planet.ini")], checkout);
    await expect(slip).rejects.toMatchObject({ code: "NOT_AN_OPML_FILE" });
    expect(siteFile(checkout)).toBe(INI);
  });

  test("an outline whose name has a slash between blanks is one level, there and back", async () => {
    const outline = '<outline text="Art / Music"><outline text="a" xmlUrl="http://new.example/f"/></outline>';
    const { checkout } = await importing(`<opml version="2.0"><body>${outline}</body></opml>`);
    const { out } = await feeds(["export"], checkout);
    expect(out).toContain('<outline text="Art/Music">');
    expect(out).not.toContain('<outline text="Art">');
  });

  test("an import of an export adds nothing; into an empty planet it brings the same feeds, names and groups", async () => {
    const word = fc.string({ unit: fc.constantFrom(..."aB é;\"&#'<=[]%(x)s/"), minLength: 1, maxLength: 12 });
    const text = word.map((written) => `n${written.replace(/\s+/g, " ").trim()}`);
    const feed: fc.Arbitrary<NewFeed> = fc
      .record({
        url: fc.webUrl({ withQueryParameters: true }),
        name: text,
        link: fc.webUrl(),
        group: fc.option(fc.constantFrom("A", "A / B", "C")),
      })
      .map(({ url, name, link, group }) => ({ url, name, values: { link, ...(group !== null && { group }) } }));
    await fc.assert(
      fc.asyncProperty(fc.array(feed, { minLength: 1, maxLength: 8 }), async (list) => {
        const full = Buffer.from(addFeeds(Buffer.from(INI), list).bytes).toString();
        const checkout = checkoutWith({ "planet.ini": full });
        const { out } = await feeds(["export"], checkout);
        writeFileSync(join(checkout, "list.opml"), out);
        await feeds(["import", join(checkout, "list.opml")], checkout);
        expect(siteFile(checkout)).toBe(full);
        const { checkout: empty } = await importing(out, INI);
        const facts = (ini: string) =>
          feedsOf(ini).map(({ url, name, link, values }) => JSON.stringify([url, name, link, values.get("group")]));
        expect(facts(siteFile(empty)).sort()).toEqual(facts(full).sort());
      }),
      { numRuns: 50 },
    );
  });
});
