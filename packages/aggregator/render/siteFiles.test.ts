import { describe, expect, test } from "@jest/globals";
import { XMLValidator } from "fast-xml-parser";

import { cleanHtml } from "../text/cleanHtml.ts";
import { sampleFacts } from "./documentation/testing/sampleFacts.ts";
import { imageSize } from "./faces.ts";
import { renderPage, siteFiles } from "./siteFiles.ts";
import { type ThemeFile, themeFile } from "./theme/files.ts";
import type { ChannelModel } from "./types.ts";

const sample = sampleFacts();
const channels = Array.from({ length: 60 }, () => sample.page.channels[0] as ChannelModel);
const facts = { ...sample, page: { ...sample.page, name: "Test", channels } };
const themeText = (name: string) => Buffer.from(themeFile(name as ThemeFile)).toString("utf8");
const render = (template: string, source: string) => renderPage({ template, templates: { [template]: source }, facts });

describe("templates (proves that they end; ReaderPool ends the others)", () => {
  test("a picture inside the text costs nothing", () => {
    const picture = `<img src="data:image/png;base64,${"A".repeat(400_000)}">`;
    expect(render("index.html.liquid", `${picture}{{ name }}`)).toBe(`${picture}Test`);
  });

  test.each([
    ["{{ name | raw }}", "name"],
    ["{{name|raw}}", "name"],
    [`{{ a${" ".repeat(300)}| raw }}`, ""],
    [`{{ ${"a".repeat(300)}_html.b | raw }}`, "_html.b"],
  ])("only names in _html are printed unescaped: %.20s", (source, name) => {
    expect(() => render("index.html.liquid", source)).toThrow(`${name}" must not be printed with the filter raw`);
  });

  test("loops in loops that write nothing end", () => {
    const [open, close] = ["<TMPL_LOOP Channels>", "</TMPL_LOOP>"];
    expect(() => render("index.html.tmpl", open.repeat(5) + close.repeat(5))).toThrow("more than a million times");
  });

  test("a tag that does not end is text", () => {
    const open = `<TMPL_VAR${" ".repeat(400_000)}`;
    expect(render("index.html.tmpl", open)).toBe(open);
  });

  test("a tag in a comment is a tag", () => {
    expect(render("index.html.tmpl", "<!-- TMPL_VAR name -->|<TMPL_VAR NAME='name' --> ")).toBe("Test|Test ");
  });
});

describe("classic templates of feeds", () => {
  const RSS = `<?xml version="1.0"?>
<rss version="2.0"><channel><title><TMPL_VAR name ESCAPE="HTML"></title><link><TMPL_VAR fullurl ESCAPE="HTML"></link>
<TMPL_LOOP Items><item><title><TMPL_VAR channel_name ESCAPE="HTML">: <TMPL_VAR title_plain ESCAPE="HTML"></title>
<guid isPermaLink="<TMPL_VAR guid_ispermalink>"><TMPL_VAR id ESCAPE="HTML"></guid>
<TMPL_IF content><description><TMPL_VAR content ESCAPE="HTML"></description></TMPL_IF>
<pubDate><TMPL_VAR date_822></pubDate></item>
</TMPL_LOOP></channel></rss>`;
  const made = (files: Readonly<Record<string, string>>) =>
    siteFiles(sample, new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])), async (page) =>
      renderPage(page),
    );

  test("replace the built-in feed of their name, well-formed, with their own address", async () => {
    const rss = Buffer.from((await made({ "rss20.xml.tmpl": RSS })).get("rss20.xml") ?? "").toString();
    expect(XMLValidator.validate(rss)).toBe(true);
    expect(rss).toContain("rss20.xml</link>");
    expect(rss).toMatch(/<guid isPermaLink="(?:true|false)">/);
  });

  test("a piece makes no file, and no template is published", async () => {
    const names = [...(await made({ "part.tmpl": "x", "a.html.tmpl": "<TMPL_INCLUDE part.tmpl>" })).keys()];
    expect(names).toContain("a.html");
    expect(names.filter((name) => /^part|tmpl/.test(name))).toEqual([]);
  });
});

test("the page has an icon, a manifest and a social card; a published logo is the card's picture", async () => {
  const site = async (logo: string) => {
    const page = { ...sample.page, logo, about: "Blogs <around> the harbour" };
    return siteFiles({ ...sample, page }, new Map(), async (request) => renderPage(request));
  };
  const text = (files: Map<string, Uint8Array>, name: string) => Buffer.from(files.get(name) ?? "").toString("utf8");
  const files = await site("");
  const html = text(files, "index.html");
  for (const [, name = ""] of html.matchAll(/<link rel="(?:icon|apple-touch-icon|manifest)" href="([^"]+)"/g))
    expect([...files.keys()]).toContain(name);
  const card = [...html.matchAll(/<meta (?:property|name)="(og:\w+|twitter:\w+)" content="([^"]*)"/g)];
  expect(card.map(([, name, content]) => [name, content])).toEqual([
    ["og:type", "website"],
    ["og:title", "Planet of the Harbour"],
    ["og:description", "Blogs &lt;around&gt; the harbour"],
    ["twitter:card", "summary"],
    ["og:url", "http://planet.example.org/"],
    ["og:image", "http://planet.example.org/icon.png"],
  ]);
  expect(text(await site("images/logo.png"), "index.html")).toContain(
    'content="http://planet.example.org/images/logo.png"',
  );
  const manifest = JSON.parse(text(files, "site.webmanifest"));
  expect(manifest).toMatchObject({ name: "Planet of the Harbour", lang: "en", dir: "ltr", start_url: "./" });
  const [{ src, sizes }] = manifest.icons;
  const { width, height } = imageSize(files.get(src) ?? new Uint8Array()) ?? {};
  expect(sizes).toBe(`${width}x${height}`);
});

test("a front page of 60 entries without pictures is below 100 KB, texts of 500 letters and 60 blogs included", async () => {
  const [item] = sample.page.items;
  if (item === undefined) throw new Error("the sample has no entry");
  const content_html = cleanHtml(`<p>${"All of it. ".repeat(45)}</p>`);
  const items = Array.from({ length: 60 }, () => ({ ...item, content_html }));
  const days = items.map((each) => ({
    iso: each.day,
    text: each.day,
    groups: [{ channel: each.channel, items: [each] }],
  }));
  const page = renderPage({
    template: "index.html.liquid",
    templates: Object.fromEntries(["index.html.liquid", "mark.liquid"].map((name) => [name, themeText(name)])),
    facts: { ...sample, page: { ...sample.page, items, days, channels } },
  });
  expect(page.match(/<article/g)).toHaveLength(60);
  expect(Buffer.byteLength(page)).toBeLessThan(100_000);
});
