import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { html } from "parse5";
import { MAX_OUTPUT_LENGTH } from "./policy.ts";
import { sanitizeHtml } from "./sanitizeHtml.ts";
import { VECTORS } from "./testdata/vectors.ts";
import { WORST } from "./testdata/worst.ts";
import { expectHarmless } from "./testing/expectHarmless.ts";

/** `FUZZ_RUNS=100000 npm run test:unit -- sanitizeHtml` looks longer. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const bases = { base: "https://blog.test/2026/", page: "https://blog.test/2026/entry" };
const clean = (html: string) => sanitizeHtml(html, bases);

const embedded = (href: string, host: string) => `<a href="${href}" rel="nofollow ugc noopener">Embedded: ${host}</a>`;
const image = (src: string, srcset?: string) =>
  `<img src="${src}"${srcset === undefined ? "" : ` srcset="${srcset}"`} loading="lazy" decoding="async" referrerpolicy="no-referrer" />`;

describe("what comes out", () => {
  test.each([
    ["a script goes with its content", "a<script>alert(1)</script>b", "ab"],
    ["an unknown element keeps its text", "<blink>a</blink>", "a"],
    ["handlers and styles go", '<p onclick="x()" style="color:red">a</p>', "<p>a</p>"],
    [
      "id and class go, a language on code stays",
      '<p id="location" class="x"><code class="a language-ts">b</code></p>',
      '<p><code class="language-ts">b</code></p>',
    ],
    ["headings stay below the entry's title and keep their order", "<h1>a</h1><h2>b</h2>", "<h4>a</h4><h5>b</h5>"],
    [
      "relative links are resolved",
      '<a href="x">a</a>',
      '<a href="https://blog.test/2026/x" rel="nofollow ugc noopener">a</a>',
    ],
    [
      "places within the entry lead to the entry's page",
      '<a href="#n1">1</a>',
      '<a href="https://blog.test/2026/entry#n1" rel="nofollow ugc noopener">1</a>',
    ],
    ["links with another scheme lose their address", '<a href="java\tscript:alert(1)">a</a>', "<a>a</a>"],
    [
      "tracking parameters go",
      '<a href="https://a.test/?utm_source=x&amp;id=1">a</a>',
      '<a href="https://a.test/?id=1" rel="nofollow ugc noopener">a</a>',
    ],
    ["a pixel goes", '<img src="https://a.test/p.gif" width="1" height="1">', ""],
    ["hidden elements go", "<div hidden><p>a</p></div>b<section hidden>c</section>", "b"],
    [
      "a frame becomes a link",
      '<iframe src="https://video.test/1">old</iframe>',
      '<a href="https://video.test/1" rel="nofollow ugc noopener">Embedded: video.test</a>',
    ],
    [
      "a frame without a scheme, late or insecure, becomes a secure link",
      '<iframe src="//a.test/1"></iframe><iframe src="about:blank" data-src="http://b.test/2">x</iframe>',
      `${embedded("https://a.test/1", "a.test")}${embedded("https://b.test/2", "b.test")}`,
    ],
    [
      "an object becomes a link, or what it holds",
      '<object data="https://a.test/1"><b>old</b></object><object><b>x</b></object><embed src="//b.test/2">',
      `${embedded("https://a.test/1", "a.test")}<b>x</b>${embedded("https://b.test/2", "b.test")}`,
    ],
    [
      "a form's words stay, its controls go",
      '<form action="https://a.test/"><p>Join us: <input value=x><select><option>1</select><textarea>t</textarea><button>Go</button></form>',
      "<div><p>Join us: Go</p></div>",
    ],
    ["a frame from nowhere goes", '<iframe srcdoc="x"></iframe><iframe src="javascript:x"></iframe>', ""],
    ["a name of every object is an unknown element", "<constructor>a</constructor>b", "ab"],
    [
      "what mail programs hide is hidden",
      '<div style="color:red; display: none">a</div><p style="VISIBILITY:HIDDEN">b</p>c',
      "c",
    ],
    [
      "old and new elements keep their meaning",
      "<strike>a</strike><tt>b</tt><acronym title=T>c</acronym><section>d</section><center>e</center><menu><li>f</menu>",
      '<s>a</s><code>b</code><abbr title="T">c</abbr><div>d</div><div>e</div><ul><li>f</li></ul>',
    ],
    [
      "an item without its list is a block",
      "<li>a</li><dd>b</dd><ul><div><li>c</ul>",
      "<div>a</div><div>b</div><ul><div><div>c</div></div></ul>",
    ],
    ["links that nobody sees go", '<h4>a<a href="https://a.test/"><svg></svg></a></h4>', "<h4>a</h4>"],
    ["a line end that HTML would drop is not there", "<pre>\n\n a\n</pre>", "<pre> a\n</pre>"],
    [
      "formulas are text as typed",
      "<math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math>",
      "x^2",
    ],
    [
      "a formula without a source is its letters",
      "<p>is <math><mi>x</mi> <mo>=</mo> <mn>1</mn></math></p>",
      "<p>is x = 1</p>",
    ],
    ["a drawing is its title", "<svg><title>Sales</title><path/></svg>", "Sales"],
    [
      "a late picture is the picture",
      '<img src="data:image/gif;base64,R0lG" data-src="/a.jpg"><img class="lazy" data-lazy-src="b.jpg"><img data-srcset="c.jpg 1x, d.jpg 2x"><img src="/placeholder.gif" data-original="e.jpg">',
      [
        image("https://blog.test/a.jpg"),
        image("https://blog.test/2026/b.jpg"),
        image("https://blog.test/2026/d.jpg", "https://blog.test/2026/c.jpg 1x, https://blog.test/2026/d.jpg 2x"),
        image("https://blog.test/2026/e.jpg"),
      ].join(""),
    ],
    [
      "a picture's copy for browsers without scripts is not a second one",
      '<img data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript>',
      image("https://blog.test/a.jpg"),
    ],
    [
      "a picture that needs no script stays as it is",
      '<img src="/small.jpg" data-original="/large.jpg">',
      image("https://blog.test/small.jpg"),
    ],
    [
      "commas belong to addresses, and no space is needed",
      '<img src="/a.jpg" srcset="/w_1,h_2/a.jpg 1x,/w_2,h_4/a.jpg 2x">',
      image("https://blog.test/a.jpg", "https://blog.test/w_1,h_2/a.jpg 1x, https://blog.test/w_2,h_4/a.jpg 2x"),
    ],
    [
      "a set alone is enough",
      '<img srcset="/a.jpg 320w, /b.jpg 640w">',
      image("https://blog.test/b.jpg", "https://blog.test/a.jpg 320w, https://blog.test/b.jpg 640w"),
    ],
    [
      "a picture without its img shows its largest",
      '<picture><source srcset="/a.webp 1x, /b.webp 2x"></picture>',
      image("https://blog.test/b.webp"),
    ],
    [
      "smileys are letters",
      '<img class="wp-smiley" alt=":-)" src="/s.png">a<img src="https://s.w.org/images/core/emoji/15/72x72/1f600.png" alt="😀">',
      ":-)a😀",
    ],
    [
      "a picture too large for the text leads to its page",
      `<img alt="A plot" src="data:image/png;base64,${"A".repeat(40_000)}">`,
      '<a href="https://blog.test/2026/entry" rel="nofollow ugc noopener">A plot</a>',
    ],
    [
      "films wait to be started",
      '<video src="v.mp4" autoplay></video>',
      '<video src="https://blog.test/2026/v.mp4" controls="controls" preload="none"></video>',
    ],
    [
      "every candidate of a srcset is checked",
      '<img src="a.png" srcset="a.png 1x, javascript:x 2x, b.png 3x">',
      '<img src="https://blog.test/2026/a.png" srcset="https://blog.test/2026/a.png 1x, https://blog.test/2026/b.png 3x" loading="lazy" decoding="async" referrerpolicy="no-referrer" />',
    ],
    [
      "small pictures inside the text stay, SVG leads to the entry",
      '<img src="data:image/png;base64,AAAA"><img src="data:image/svg+xml;base64,AAAA">',
      '<img src="data:image/png;base64,AAAA" loading="lazy" decoding="async" referrerpolicy="no-referrer" /><a href="https://blog.test/2026/entry" rel="nofollow ugc noopener">Image</a>',
    ],
    [
      "passwords in links go",
      '<a href="https://u:p@a.test/">a</a>',
      '<a href="https://a.test/" rel="nofollow ugc noopener">a</a>',
    ],
  ])("%s", (_claim, html, expected) => expect(clean(html)).toBe(expected));

  test("a very long entry is cut at a block and leads to its page", () => {
    const html = clean(`<div><ul>${"<li><p>word word word</p></li>".repeat(15_000)}</ul></div>`);
    expect(html.length).toBeLessThan(MAX_OUTPUT_LENGTH);
    expect(html).toMatch(
      /<\/ul><\/div><p><a href="https:\/\/blog\.test\/2026\/entry" rel="[a-z ]+">Continue reading<\/a><\/p>$/,
    );
  });
});

describe("invariants (an HTML parser of other make is the judge)", () => {
  test.each(VECTORS)("%j", (vector) => holds(vector));

  test.each([
    "<ul><li><div>wrote code<li><div>fixed bugs<li><div>slept</ul>",
    "<dl><dt><div>a<dt><div>b<dd><div>c</dl>",
    "<table><div><table></table></div></table>",
    "<table><tr><td><li>a</table><li>b",
    "</li></ul></article></main><li>a",
    "<p><button><p>a</button>b",
    "<a href=x><object><a href=y>b</object></a>",
    "<h1><button><h2>a</button></h1>",
    "<b x=1><b x=2><b x=3><p>a</b></b></b><p>b",
    "<svg><foreignObject><li>a</foreignObject></svg><math><mi><li>b",
    "<form><div></form></div><form>b",
    "<ruby>a<rtc>b<rt>c<div>d</ruby>",
    "<details><summary>a<summary>b</details></details>",
    "<pre>&#13;&#10;a</pre><pre>\n\n<b>\n\na</b></pre>",
    "<table><caption><table><tr><td>a</caption></table>",
    "<nobr>a<nobr>b<font color=red><p>c</font>",
  ])("closes nothing of the page: %s", (html) => holds(html));

  test("random trees of every element that HTML knows", () => {
    const name = fc.constantFrom(...Object.values(html.TAG_NAMES), "blink", "rtc", "constructor");
    const tag = fc
      .tuple(fc.constantFrom("<", "<", "</"), name, fc.constantFrom("", "", " hidden", " href=x", " x=1", " src=a"))
      .map(([open, tagName, rest]) => `${open}${tagName}${open === "<" ? rest : ""}>`);
    const piece = fc.oneof({ weight: 5, arbitrary: tag }, fc.constantFrom("a", "\n", "&#13;", " "));
    const documents = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
    fc.assert(fc.property(documents, holds), { numRuns: RUNS });
  });

  test("random pieces of markup", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "<p>",
        "</p>",
        "<b",
        "<a href=",
        '"',
        "'",
        ">",
        "<table>",
        "<tr><td>",
        "</table>",
        "<svg>",
        "<math>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<img src=x ",
        "onerror=x",
        "<h1>",
        "&lt;",
        "&#106;",
        "javascript:",
        "</div>",
        "<template>",
        "<noscript>",
        "<style>",
        "<xmp>",
        "<textarea>",
        "<iframe src=https://a.test>",
        "<a><a>",
        "<ul><li>",
        "hidden",
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => holds(pieces.join(""))),
      { numRuns: RUNS },
    );
  });

  test.each(["&#1", "a&#0;b", "&#xFFFE;", "<p>&#8;</p>"])("%j, a reference to what XML cannot have", (html) => {
    holds(html);
  });

  test.each(Object.entries(WORST))("four times %s costs at most ten times as much", (_, worst) => {
    const [once, more] = [20_000, 80_000].map((length) => cost(worst.repeat(length / worst.length)));
    expect(more).toBeLessThan(10 * Math.max(once ?? 0, 5));
  });
});

/** CPU time in milliseconds, the best of three. */
function cost(markup: string): number {
  const runs = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    clean(markup);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...runs);
}

function holds(html: string): void {
  const out = clean(html);
  expect(clean(out)).toBe(out);
  expectHarmless(out);
}
