import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type DefaultTreeAdapterMap, html, parse } from "parse5";
import { attribute, elementsOf } from "../sanitize/htmlTree.ts";
import { VECTORS } from "../sanitize/testdata/vectors.ts";
import { startWildPlanet, type WildPlanet } from "./testing/wildPlanet.ts";

// A real browser shows the page with scripts allowed and without nginx' headers, which would be a second fence: whatever
// ran in it would leave its mark on the document.

/** `FUZZ_RUNS=15000` looks longer (some five minutes). */
const PAYLOADS = Number(process.env.FUZZ_RUNS ?? 1_000);
const ON_ONE_PAGE = 500;
const MARK = "document.documentElement.dataset.canary=1";

let planet: WildPlanet;
beforeEach(async () => {
  planet = await startWildPlanet();
});
afterEach(() => planet.close());

test(
  "in a browser nothing of an entry runs, nothing leaves its entry, and every entry is there",
  async () => {
    const payloads = fc.sample(payload, PAYLOADS);
    for (let start = 0; start < payloads.length; start += ON_ONE_PAGE) {
      await expectHarmlessPage(payloads.slice(start, start + ON_ONE_PAGE));
      planet.forget();
    }
  },
  60_000 + PAYLOADS * 100,
);

const tag = fc
  .tuple(
    fc.constantFrom("<", "<", "<", "</"),
    fc.constantFrom(...Object.values(html.TAG_NAMES), "blink", "x-y"),
    fc.constantFrom(
      "",
      " hidden",
      ` onload=${MARK}`,
      ` onerror=${MARK} src=x`,
      ` autofocus tabindex=1 onfocus=${MARK}`,
    ),
    fc.constantFrom("", ` href="javascript:${MARK}"`, ` style="animation:x" onanimationstart=${MARK}`, ' id="entries"'),
  )
  .map(([open, name, ...rest]) => `${open}${name}${open === "<" ? rest.join("") : ""}>`);
const piece = fc.oneof(
  fc.constantFrom(...VECTORS.map((vector) => vector.replaceAll("alert(1)", MARK).replace(/=x(?=[ >])/g, `=${MARK}`))),
  tag,
  fc.constantFrom("<!--", "-->", "]]>", "<![CDATA[", "&lt;", "&quot;", '"', "'", "`", "\0", "</article></main></body>"),
);
const payload = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));

/** The five ways in which feeds hold HTML. */
const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const item = (content: string, title: string, index: number) =>
  `<item><title>${title}</title><guid isPermaLink="false">${title}</guid><pubDate>${dateOf(index)}</pubDate>${content}</item>`;
const WRAPPINGS: Readonly<Record<string, (contents: readonly string[], titles: readonly string[]) => string>> = {
  escaped: (contents, titles) =>
    rss(contents.map((text, index) => item(`<description>${escaped(text)}</description>`, titles[index] ?? "", index))),
  cdata: (contents, titles) =>
    rss(
      contents.map((text, index) =>
        item(
          `<content:encoded><![CDATA[${text.replaceAll("]]>", "]]&gt;")}]]></content:encoded>`,
          titles[index] ?? "",
          index,
        ),
      ),
    ),
  atom: (contents, titles) => atom("html", contents.map(escaped), titles),
  xhtml: (contents, titles) =>
    atom(
      "xhtml",
      contents.map((text) => `<div xmlns="http://www.w3.org/1999/xhtml">${escaped(text)}</div>`),
      titles,
    ),
  json: (contents, titles) =>
    JSON.stringify({
      version: "https://jsonfeed.org/version/1.1",
      title: "x",
      items: contents.map((text, index) => ({
        id: titles[index],
        title: titles[index],
        content_html: text,
        date_published: new Date(dateOf(index)).toISOString(),
      })),
    }),
};
const rss = (items: readonly string[]) =>
  `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>${items.join("")}</channel></rss>`;
const atom = (type: string, contents: readonly string[], titles: readonly string[]) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>${contents
    .map(
      (text, index) =>
        `<entry><title>${titles[index]}</title><id>urn:${titles[index]}</id><updated>${new Date(dateOf(index)).toISOString()}</updated><content type="${type}">${text}</content></entry>`,
    )
    .join("")}</feed>`;
const dateOf = (index: number) => new Date(Date.UTC(2026, 4, 18) - index * 60_000).toUTCString();

async function expectHarmlessPage(payloads: readonly string[]): Promise<void> {
  const names = Object.keys(WRAPPINGS);
  const share = (feed: number) => payloads.filter((_, index) => index % names.length === feed);
  const feeds = Object.fromEntries(
    names.map((name, feed) => {
      const titles = share(feed).map((_, index) => `${name}-${index}`);
      const contents = share(feed).map((text, index) => `<p>begin-${titles[index]}</p>${text}`);
      return [name, WRAPPINGS[name]?.(contents, titles) ?? ""];
    }),
  );
  const { report, file } = await planet.run(feeds, {
    planetKeys: `items_per_page = ${payloads.length}\ndays_per_page = 0`,
  });
  expect(report.entries).toBe(payloads.length);
  for (const name of ["index.html", "base.css", "planet.css"]) {
    const type = name.endsWith("html") ? "text/html; charset=utf-8" : "text/css";
    const body = await file(name).catch(() => "");
    planet.server.on(`/${name}`, (_request, response) => response.writeHead(200, { "content-type": type }).end(body));
  }
  expectWhole(await shown(`${planet.server.origin}/index.html`), payloads.length);
}

/** The document as it is after its scripts would have run and its pictures would have failed. */
async function shown(url: string): Promise<string> {
  const options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000", "--dump-dom", url];
  const { stdout } = await promisify(execFile)("chromium", options, { maxBuffer: 256 * 1024 * 1024, timeout: 120_000 });
  return stdout;
}

type Element = DefaultTreeAdapterMap["element"];

function expectWhole(document: string, entries: number): void {
  const elements = [...elementsOf(parse(document).childNodes)];
  const [root] = elements.filter(({ tagName }) => tagName === "html");
  expect(root?.attrs.map(({ name }) => name).sort()).toEqual(["dir", "lang"]); // no mark of a script
  const articles = elements.filter(({ tagName }) => tagName === "article");
  expect(articles).toHaveLength(entries);
  for (const article of articles) {
    expect(ancestors(article).filter((name) => name === "article" || name === "main")).toEqual(["main"]);
    const text = textOf(article);
    const [begin = ""] = /begin-(\w+-\d+)/.exec(text) ?? [];
    expect(text.split("begin-")).toHaveLength(2); // its own text, and no other's
    expect(textOf(article).trimStart().startsWith(begin.replace("begin-", ""))).toBe(true);
  }
  const aside = elements.find(({ tagName }) => tagName === "aside");
  expect(aside && ancestors(aside)).toEqual(["div", "body", "html"]);
  for (const { tagName, attrs } of elements) {
    expect(["script", "iframe", "object", "embed", "form", "base", "style"]).not.toContain(tagName);
    for (const { name, value } of attrs) {
      expect(name).not.toMatch(/^on/);
      if (/href|src|action/.test(name))
        expect(value).not.toMatch(/^\s*(?:java|vb)script:|^data:(?!image\/(?:png|gif|jpeg|webp))/i);
    }
  }
  expect(elements.filter((element) => attribute(element, "id") === "entries")).toHaveLength(1);
}

function ancestors(element: Element): string[] {
  const parent = element.parentNode;
  return parent !== null && "tagName" in parent ? [parent.tagName, ...ancestors(parent)] : [];
}

function textOf(element: Element): string {
  return element.childNodes
    .map((node) => ("tagName" in node ? textOf(node) : "value" in node ? node.value : ""))
    .join("");
}
