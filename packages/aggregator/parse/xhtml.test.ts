import { describe, expect, test } from "@jest/globals";
import { htmlOfXhtml } from "./xhtml.ts";

describe("XHTML as HTML", () => {
  test.each([
    ['<script src="a/b.js"/>x', '<script src="a/b.js"></script>x'],
    ["<a id='m'/><i/><pre /><div/>x", "<a id='m'></a><i></i><pre ></pre><div></div>x"],
    [
      "<textarea/><object data='x'/><iframe\nsrc='y'/>x",
      "<textarea></textarea><object data='x'></object><iframe\nsrc='y'></iframe>x",
    ],
    ["a<br/>b<br></br>c<IMG src='x'/>", "a<br/>b<br>c<IMG src='x'/>"],
    ['<a title="a > b/"/>x', '<a title="a > b/"></a>x'],
    ["<h:p>a<h:br/>b</h:p><svg:g/>", "<p>a<br/>b</p><g></g>"],
    ["a &lt;b/&gt; <p>c</p>", "a &lt;b/&gt; <p>c</p>"],
  ])("%s", (xhtml, html) => expect(htmlOfXhtml(xhtml)).toBe(html));
});
