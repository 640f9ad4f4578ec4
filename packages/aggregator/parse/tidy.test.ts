import { describe, expect, test } from "@jest/globals";
import { hasWholeTags, tidyDocument } from "./tidy.ts";

describe("the beginning of a document", () => {
  test.each([
    ["a DOCTYPE", '<!DOCTYPE rss PUBLIC "-//N//EN" "http://n.test/rss.dtd">\n<rss>', "rss", "<rss>"],
    [
      "a DOCTYPE with entities",
      '<!DOCTYPE rss [<!ENTITY a "<b>">\n<!ENTITY b "]">] ><feed a="[">',
      "atom",
      '<feed a="[">',
    ],
    ["a declaration and a comment", '<?xml version="1.0"?><!-- an <opml> list --><rdf:RDF x>', "rdf", "<rdf:RDF x>"],
    ["a server's warning", "<br />\n<b>Warning</b>: a[0]\n<?xml version='1.0'?><rss/>", "rss", "<rss/>"],
    ["white space and a mark", '\n \uFEFF{"a": "<rss>"}', "json", '{"a": "<rss>"}'],
    ["upper case", "<OPML >", "opml", "<OPML >"],
  ])("%s is left out", (_, document, root, text) => {
    expect(tidyDocument(document)).toEqual({ root, text });
  });

  test.each([
    "<rss><title><![CDATA[<!DOCTYPE html> and <opml>]]></title></rss>",
    "<feed><title>&lt;!DOCTYPE a [</title><opml></feed>",
    '{"title": "The <!DOCTYPE declaration", "content_html": "<opml> > <rss version="}',
  ])("what a text speaks of is not the beginning: %s", (document) => {
    expect(tidyDocument(document).text).toBe(document);
  });

  test.each(["<!-- <rss>", "<!DOCTYPE x [ <rss>", "<!DOCTYPE x[".repeat(3), "<?xml <rss", "words", ""])(
    "%j has no root",
    (document) => expect(tidyDocument(document).root).toBe("unknown"),
  );

  test("controls that separate are spaces, others are nothing, half a character is a replacement", () => {
    expect(tidyDocument("one\vtwo\fthree\u001ffour\u0001five\u0000\uffff\ud800").text).toBe(
      "one two three fourfive\ufffd",
    );
  });
});

test.each([
  ["<a>5 > 4<b c='>'/><!-- < --><![CDATA[ < ]]><?x < ?></a>", true],
  ["<a>5 < 6</a>", false],
  ["<a><![CDATA[</a>", false],
  ["<a", false],
])("%s has whole tags: %s", (document, expected) => expect(hasWholeTags(document)).toBe(expected));
