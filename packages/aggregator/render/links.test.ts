import { describe, expect, test } from "@jest/globals";
import { sampleFacts } from "./documentation/testing/sampleFacts.ts";
import { atomFeed, rss20Feed } from "./feeds.ts";
import { renderBuiltIn } from "./liquid.ts";
import { drawSubPage, frameOf, hereOf, subPageOf } from "./subPage.ts";

const facts = sampleFacts();

describe("links of the planet to itself", () => {
  test("the feeds of a planet that does not know its address name themselves all the same", () => {
    const nowhere = { ...facts, page: { ...facts.page, link: "" } };
    expect(atomFeed(nowhere)).toContain('<link rel="self" type="application/atom+xml" href="atom.xml"/>');
    expect(rss20Feed(nowhere)).toContain('<atom:link rel="self" href="rss20.xml" type="application/rss+xml"/>');
    const place = { feed: "feed/a-0a1b2c3d.xml", address: "feed/a-0a1b2c3d.html", title: "A" };
    expect(atomFeed(nowhere, place)).toContain('<link rel="self" type="application/atom+xml" href="a-0a1b2c3d.xml"/>');
  });

  test("the name leads to the front page of this website, wherever it is shown", () => {
    expect(renderBuiltIn("index.html.liquid", facts.page)).toContain('<a class="brand" href="index.html" rel="home">');
    const page = subPageOf(frameOf(facts.page), hereOf("feed", "feed/a.html", "A"), {});
    expect(drawSubPage(page)).toContain('<a class="brand" href="../index.html" rel="home">');
  });
});
