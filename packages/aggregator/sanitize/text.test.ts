import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { paragraphs, plainTextOf, textOfHtml } from "./text.ts";

describe("the words of HTML", () => {
  test.each([
    ["<p>One</p><p>two<br>three</p>", "One two three"],
    ["a<script>if (a < b) alert('</p>')</script>b", "ab"],
    ["a<style>x</style><textarea>x</b></textarea><iframe><p>x</iframe>b", "ab"],
    ["a<form><button>x</button> <select><option>1</select>y</form>b", "a x y b"],
    ["a<template/>b", "ab"],
    ["it&#146;s &amp; &lt;b&gt; caf&eacute;", "it’s & <b> café"],
    ["a<!-- x --><!DOCTYPE x>b", "ab"],
    ["a\u0000b<", "ab<"],
  ])("%j", (html, text) => expect(textOfHtml(html)).toBe(text));

  test("prose, which is read in a quicker way, has the words that HTML's tokenizer finds", () => {
    const pieces = (
      "a| |<p>|</p>|<br/>|<BR />|<script>|</script>|<a href='x>y'>|<i x=y>|<b a=\"1\" c>|<img alt='a\"|<p a|<|>|\"|'|/|&amp;|&AMP;" +
      "|&Amp;|&NBSP;|&nbsp;|&amp|&#39;|&#8217;|&eacute;|<!--|-->|<form>|</form>|<x-y>|\0|\r\n|<svg>|<![CDATA[|]]>|<title>|\u00e9"
    ).split("|");
    const html = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(""));
    // A comment leaves no words, and is no prose.
    fc.assert(
      fc.property(html, (text) => expect(textOfHtml(text)).toBe(textOfHtml(`<!---->${text}`))),
      { seed: 1, numRuns: 5_000 },
    );
  });
});

describe("plain text where HTML is usual", () => {
  test("keeps its line ends, and HTML's references", () => {
    const value = "One &amp; two\nthree\n\n\nfour < five";
    const text = plainTextOf({ kind: "html", value });
    expect(paragraphs(text ?? "")).toBe("<p>One &amp; two<br />three</p>\n<p>four &lt; five</p>");
  });

  test("is not what has a tag", () => expect(plainTextOf({ kind: "html", value: "a<b>b</b>" })).toBeUndefined());

  test("its addresses are links, without the sentence's end", () => {
    expect(paragraphs("See (https://a.test/x?b=1&c=2), or http://user:pw@b.test.")).toBe(
      '<p>See (<a href="https://a.test/x?b=1&amp;c=2" rel="nofollow ugc noopener">https://a.test/x?b=1&amp;c=2</a>), or ' +
        '<a href="http://b.test/" rel="nofollow ugc noopener">http://user:pw@b.test</a>.</p>',
    );
  });
});
