import { describe, expect, test } from "@jest/globals";
import { templateProblems } from "../index.ts";

const INI = "[Planet]\nname = Test\n[http://a.example/feed]\nname = A\n";
const problemsOf = (files: Readonly<Record<string, string>>) =>
  templateProblems(
    Object.entries({ "planet.ini": INI, ...files }).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
  );

describe("templates before a deploy (proves what stops it; the words are the template engines')", () => {
  test.each([
    ["a tag that is not closed", "index.html.liquid", "a\n{% if a %}", "index.html.liquid", 2],
    [
      "an unknown filter, inside a loop over entries",
      "list.html.liquid",
      "\n\n{% for item in items %}{{ item.title | shout }}{% endfor %}",
      "list.html.liquid",
      3,
    ],
    ["text that would be printed unescaped", "index.html.liquid", "\n{{ name | raw }}", "index.html.liquid", 2],
    ["a feed that is not well-formed", "rss20.xml.liquid", "<rss>\n<title>A & B</rss>", "rss20.xml", 2],
    ["a page without a word", "index.html.liquid", "{% comment %}to do{% endcomment %}\n", "index.html", 0],
    ["a classic tag that is not closed", "index.html.tmpl", "\n<TMPL_LOOP Items>", "index.html.tmpl", 2],
  ])("%s is named with its file", async (_, name, text, file, line) => {
    expect(await problemsOf({ [name]: text })).toEqual([{ file, line, level: "error", text: expect.any(String) }]);
  });

  test("a dead link of a text is a warning", async () => {
    expect(await problemsOf({ "about.md": "# About\n\n[a](none.html)" })).toMatchObject([
      { file: "about.md", line: 3, level: "warning" },
    ]);
  });

  test("a picture or a style sheet that a template writes out and the site does not have is a warning", async () => {
    const page = '<link href="theme.css">\n<img src="images/icon.png"><img src="<TMPL_VAR face>"><img src="/a.png">';
    const warning = (line: number, address: string) => ({
      ...{ file: "index.html.tmpl", line, level: "warning", text: `"${address}" leads to no file of the planet` },
    });
    const files = { "index.html.tmpl": `<TMPL_VAR name>${page}` };
    expect(await problemsOf(files)).toEqual([warning(1, "theme.css"), warning(2, "images/icon.png")]);
    expect(await problemsOf({ ...files, "theme.css": "a {}", "images/icon.png": "x" })).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ["no template", {}],
    [
      "good ones",
      {
        "index.html.liquid": "{% for item in items %}{{ item.content_html | raw }}{% endfor %}",
        "b.html.tmpl": "<TMPL_VAR name>",
      },
    ],
    ["no usable planet.ini", { "planet.ini": "x", "index.html.liquid": "{% if" }],
  ])("%s is no problem", async (_, files) => expect(await problemsOf(files)).toEqual([]));
});
