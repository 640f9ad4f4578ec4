import { describe, expect, test } from "@jest/globals";
import { titleHtml, titleText } from "./titles.ts";

const html = (value: string) => ({ kind: "html", value }) as const;

describe("titles (proves what is markup in them; what a feed format calls HTML is the parser's)", () => {
  test.each([
    ["Using the <dialog> element", "Using the <dialog> element"],
    ["How to use the <title> element well", "How to use the <title> element well"],
    ["Why <script> is bad for you", "Why <script> is bad for you"],
    ["Drop <b> and <i> for good", "Drop <b> and <i> for good"],
    ["Why Array<Object> is slow", "Why Array<Object> is slow"],
    ["Semantic <article> and <section> explained", "Semantic <article> and <section> explained"],
    ["<title>x</title>, <script>alert(1)</script>", "<title>x</title>, <script>alert(1)</script>"],
    ["Goodbye &lt;marquee&gt;", "Goodbye <marquee>"],
    ["a < b, c > d & AT&T", "a < b, c > d & AT&T"],
    ["x?a=1&copy=2&amp;b=3", "x?a=1&copy=2&b=3"],
    ["<em>Two</em> <a href=x>words</a>", "Two words"],
    ["<p>One</p><p>two</p>", "One two"],
    ["One<br>two<br/>three", "One two three"],
    ['Cut <a href="https://a.test/">link', "Cut link"],
    ["Caf&eacute; &#8212; &amp;amp;", "Café — &amp;"],
    ["<!-- draft -->Title", "Title"],
  ])("%s", (value, expected) => expect(titleText(html(value))).toBe(expected));

  test.each([
    ["<em>Two</em> <b>wo<i>rds</b></i>", "<em>Two</em> <b>wo<i>rds</i></b>"],
    ["Drop <b> and <code>&lt;i&gt;</code>", "Drop &lt;b&gt; and <code>&lt;i&gt;</code>"],
    ['<a href="x" onclick=y><em onclick=x>a</em></a><img src=x onerror=y>', "<em>a</em>"],
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
  ])("as HTML: %s", (value, expected) => expect(titleHtml(html(value))).toBe(expected));

  test("text is shown as it is", () => {
    const text = { kind: "text", value: "<b>&amp;</b>" } as const;
    expect([titleText(text), titleHtml(text)]).toEqual(["<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"]);
  });

  test("the order of letters outside stays", () => expect(titleHtml(html("<b>a\u202eb</b>"))).toBe("<b>ab</b>"));
});
