import { describe, expect, test } from "@jest/globals";
import { parseFragment, serialize } from "parse5";
import { htmlOfMarkdown, textModels } from "./texts.ts";

const titles = (files: Readonly<Record<string, string>>) =>
  textModels(new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));

describe("the editors' own texts", () => {
  test("have their first heading as title, and the page shows it once", () => {
    expect(titles({ "about.md": "\n# About *us* ##\n\nText.\n" })).toEqual([{ title: "About us", page: "about.html" }]);
    expect(htmlOfMarkdown("# About\n\n## How to *join*\n\nWrite.\n")).toBe(
      "<h3>How to <em>join</em></h3>\n<p>Write.</p>\n",
    );
  });

  test.each([
    ["About us\n========\n\nText.\n", "About us", "<p>Text.</p>\n"],
    ["\ufeffAbout us\r\n===\r\nText.", "About us", "<p>Text.</p>"],
    ["Text\n\n===\n", "About", "<p>Text</p>\n<p>===</p>\n"],
  ])("have a heading that is underlined as title: %j", (markdown, title, html) => {
    expect(titles({ "about.md": markdown })).toEqual([{ title, page: "about.html" }]);
    expect(htmlOfMarkdown(markdown)).toBe(html);
  });

  test("without a heading are called as their file; about.md is first", () => {
    expect(titles({ "code-of_conduct.md": "Be kind.", "about.md": "", "help/join.md": "## Not the first" })).toEqual([
      { title: "About", page: "about.html" },
      { title: "Code of conduct", page: "code-of_conduct.html" },
      { title: "Join", page: "help/join.html" },
    ]);
  });

  test("take no page that the planet makes itself", () => {
    expect(titles({ "index.md": "x", "feeds.md": "x", "titles_only.md": "x", "planet.ini": "x" })).toEqual([]);
  });

  test.each([
    ["a script", "<script>alert(1)</script>"],
    ["an end of the page", "</div></main></body>\n\n</li>"],
    ["a handler", '<img src=x onerror="alert(1)">'],
    [
      "a link that runs",
      "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](&#106;avascript:alert(1)) <javascript:alert(1)>",
    ],
    ["a link to data", "[a](data:text/html,x) ![b](data:text/html,x)"],
    ["quotes in an address", '[a](<x" onclick="alert(1)>) !["](x \'" onload="\')'],
    ["links in links", "[a [b](http://b.example) c](http://c.example) [![x](y)](z)"],
    ["lists, quotes and headings in each other", "- # a\n  > - b\n\n***\n1. c\n\n       d\n> # e\nf"],
    ["deep quotes", ">".repeat(500)],
    ["code", "```html\n</code></pre><b>\n```\n\n`</code>`"],
  ])("%s is what it says, and stays in its place", (_what, markdown) => {
    const html = htmlOfMarkdown(markdown);
    const tree = parseFragment(html);
    expect(serialize(tree).replaceAll("&quot;", '"')).toBe(html.replaceAll(" />", ">").replaceAll("&quot;", '"'));
    expect(html.replace(/&lt;|&gt;/g, "")).not.toMatch(/<script| on\w+="|(?:href|src)="(?:javascript|data)/i);
    expect(serialize(parseFragment(`<div>${html}</div><p>after</p>`))).toMatch(/<\/div><p>after<\/p>$/);
  });

  test("link to the web, to mail and to other files of the planet", () => {
    const html = htmlOfMarkdown("[w](https://a.example) [m](mailto:a@a.example) [f](feeds.html) ![p](images/p.png)");
    for (const address of ["https://a.example", "mailto:a@a.example", "feeds.html", "images/p.png"])
      expect(html).toContain(`"${address}"`);
  });

  test("link to each other by their files' names", () => {
    const html = htmlOfMarkdown(
      "[a](about.md) [b](../about.md#join) [c](https://a.example/readme.md) [d](x.mdx) `a.md`",
    );
    expect(html).toBe(
      '<p><a href="about.html">a</a> <a href="../about.html#join">b</a> <a href="https://a.example/readme.md">c</a> ' +
        '<a href="x.mdx">d</a> <code>a.md</code></p>',
    );
  });
});
