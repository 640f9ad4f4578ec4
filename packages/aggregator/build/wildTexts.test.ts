import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "parse5";
import { attribute, elementsOf } from "../sanitize/htmlTree.ts";
import { startWildPlanet, type WildPlanet } from "./testing/wildPlanet.ts";

let planet: WildPlanet;
beforeEach(async () => {
  planet = await startWildPlanet();
});
afterEach(() => planet.close());

const first = async (feed: string) => (await planet.run({ a: feed })).entries[0];
const imagesOf = (html = "") => [...html.matchAll(/<img src="([^"]*)"/g)].map(([, src]) => src);

describe("texts of real feeds (proves what a reader sees; the rules of each part have tests of their own)", () => {
  test("a list without its ends stays in its entry", async () => {
    const { file } = await planet.run({ a: "escape-li-div.rss.xml", b: "lazy-images.xml" });
    const elements = [...elementsOf(parse(await file("index.html")).childNodes)];
    const inMain = elements
      .filter(({ tagName }) => tagName === "main")
      .flatMap((main) => [...elementsOf(main.childNodes)]);
    const isEntry = (element: (typeof elements)[number]) => /\bh-entry\b/.test(attribute(element, "class") ?? "");
    expect(inMain.filter(isEntry).length).toBeGreaterThan(1);
    expect(inMain.filter(isEntry)).toEqual(elements.filter(isEntry));
  });

  test("titles keep the elements that they name, in every output", async () => {
    const { file } = await planet.run({ a: "title-element-names.xml" });
    const title = "Using the &lt;dialog&gt; element in 2026";
    expect(await file("index.html")).toContain(title);
    expect(await file("rss20.xml")).toContain(`<title>a: ${title}</title>`);
    expect(await file("atom.xml")).toContain(`<title type="html">${title.replaceAll("&", "&amp;")}</title>`);
  });

  test("a summary that stands for an empty text is text, on the page and in every feed", async () => {
    const { entries, file } = await planet.run({ a: "rss20-summary-injection.json" });
    const escaped = "&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(2)&lt;/script&gt;";
    expect(entries[0]?.html).toBe(`<p>${escaped}</p>`);
    expect(await file("rss20.xml")).not.toContain("&lt;img");
  });

  test.each([
    ["late ones", "lazy-images.xml", ["real-1.jpg", "real-2.jpg", "r3-720.png", "real-4.jpg"]],
    ["those with commas in their addresses", "srcset-commas.xml", ["pic.jpg", "a.jpg", "only-2.jpg"]],
    ["not smileys", "wp-emoji-inline.xml", []],
    ["not those that are too large for the text", "data-image-plot.xml", []],
  ])("pictures are shown: %s", async (_, feed, names) => {
    const shown = imagesOf((await first(feed))?.html).map((src) => src?.split("/").pop());
    expect(shown.slice(0, names.length)).toEqual(names);
  });

  test.each([
    ["smileys are letters", "wp-emoji-inline.xml", "Nice weather 🙂 today"],
    ["formulas are text", "mathml.xml", "The area is πr2, as everybody knows."],
    ["drawings are their titles", "mathml.xml", "Chart: A chart"],
    ["line ends of plain text stay", "plain-description.xml", "0:00 Intro<br />5:10 Main"],
    ["struck words are struck", "display-none.xml", "<s>not true</s> <code>mono</code>"],
    ["sections stand apart", "display-none.xml", "<div>First section.</div><div>Second section.</div>"],
    ["an element named like a property costs no text", "constructor.rss.xml", "<p>Third.</p>"],
  ])("%s", async (_, feed, part) => expect((await first(feed))?.html).toContain(part));

  test("what mail programs hide is hidden", async () => {
    expect((await first("display-none.xml"))?.html).not.toContain("reheader");
  });

  test("every frame is a link", async () => {
    expect((await first("iframes.xml"))?.html.match(/>Embedded: /g)).toHaveLength(5);
  });
});
