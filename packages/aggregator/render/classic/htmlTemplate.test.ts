import { describe, expect, test } from "@jest/globals";
import { renderHtmlTemplate as render, type Scope, type Value } from "./htmlTemplate.ts";

const scope = (entries: Record<string, Value>): Scope => new Map(Object.entries(entries));
const renderHtmlTemplate = (source: string, variables: Scope, others: Record<string, string> = {}) =>
  render("page.html.tmpl", { "page.html.tmpl": source, ...others }, variables);
const page = scope({
  name: "A & B",
  empty: "",
  title: "<em>x</em>",
  items: [scope({ n: "1" }), scope({ n: "2" }), scope({ n: "3" })],
});

describe("classic templates", () => {
  test.each([
    ["a variable is escaped", "<TMPL_VAR name>", "A &#38; B"],
    ["in a comment, in any case, quoted", '<!-- tmpl_var NAME="name" -->', "A &#38; B"],
    ["for a URL", "<TMPL_VAR name ESCAPE=URL>", "A%20%26%20B"],
    ["sanitised HTML stays HTML", "<TMPL_VAR title>", "<em>x</em>"],
    ["unless asked for", '<TMPL_VAR title ESCAPE="HTML">', "&#60;em&#62;x&#60;/em&#62;"],
    ["ESCAPE=NONE does not open what is not sanitised", "<TMPL_VAR name ESCAPE=NONE>", "A &#38; B"],
    [
      "in an attribute it is escaped in any case",
      '<a title="<TMPL_VAR title>">',
      '<a title="&#60;em&#62;x&#60;/em&#62;">',
    ],
    [
      "also behind a condition",
      "<i <TMPL_IF name>alt='<TMPL_VAR title ESCAPE=NONE>'</TMPL_IF>><TMPL_VAR title>",
      "<i alt='&#60;em&#62;x&#60;/em&#62;'><em>x</em>",
    ],
    ["a default", '<TMPL_VAR nothing DEFAULT="none">', "none"],
    ["a condition", "<TMPL_IF empty>yes<TMPL_ELSE>no</TMPL_IF>", "no"],
    ["its opposite", "<TMPL_UNLESS empty>yes</TMPL_UNLESS>", "yes"],
    [
      "a loop with its places",
      "<TMPL_LOOP Items><TMPL_VAR n><TMPL_UNLESS __LAST__>, </TMPL_UNLESS></TMPL_LOOP>",
      "1, 2, 3",
    ],
    ["a comment line", "### note\nx", "x"],
    ["a comment behind a text", "x ### note <TMPL_IF>\ny", "x \ny"],
    [
      "the passes of a loop",
      "<TMPL_LOOP items><TMPL_VAR __PASS__>/<TMPL_VAR __PASSTOTAL__><TMPL_IF __EVERY__2>!</TMPL_IF> </TMPL_LOOP>",
      "1/3 2/3! 3/3 ",
    ],
    [
      "outer names inside a loop",
      "<TMPL_LOOP items><TMPL_IF __FIRST__><TMPL_VAR name></TMPL_IF></TMPL_LOOP>",
      "A &#38; B",
    ],
  ])("%s", (_claim, source, expected) => expect(renderHtmlTemplate(source, page)).toBe(expected));

  test.each([
    ["<TMPL_INCLUDE part.tmpl>", "[A &#38; B]"],
    ['<!-- TMPL_INCLUDE NAME="themes/x/Part.tmpl" -->', "[A &#38; B]"],
    ["<TMPL_LOOP items><TMPL_INCLUDE 'row.tmpl'></TMPL_LOOP>", "1[A &#38; B]2[A &#38; B]3[A &#38; B]"],
  ])("%s includes another template", (source, expected) => {
    const others = { "part.tmpl": "[<TMPL_VAR name>]", "row.tmpl": "<TMPL_VAR n><TMPL_INCLUDE part.tmpl>" };
    expect(renderHtmlTemplate(source, page, others)).toBe(expected);
  });

  test.each([
    ["<TMPL_IF x>", "TMPL_IF is not closed, file:page.html.tmpl, line:1, col:1"],
    ["\n\n x</TMPL_IF>", "/TMPL_IF closes nothing, file:page.html.tmpl, line:3, col:3"],
    ["<TMPL_ELSE>", "TMPL_ELSE outside TMPL_IF, file:page.html.tmpl, line:1"],
    ["<TMPL_LOOP items></TMPL_IF>", "/TMPL_IF closes nothing, file:page.html.tmpl, line:1, col:18"],
    ["### a\n<TMPL_INCLUDE /etc/passwd>", "no such .tmpl template in site/, file:page.html.tmpl, line:2, col:1"],
    ["<TMPL_INCLUDE constructor.tmpl>", "no such .tmpl template"],
    ["<TMPL_INCLUDE theirs.liquid>", "no such .tmpl template"],
    ["<TMPL_INCLUDE page.html.tmpl>", "TMPL_INCLUDE of page.html.tmpl includes itself"],
    ["\n<TMPL_INCLUDE broken.tmpl>", "TMPL_LOOP is not closed, file:broken.tmpl, line:2, col:1"],
    ["<TMPL_IF a>".repeat(101), "more than 100 levels deep, file:page.html.tmpl, line:1"],
  ])("%.40j is refused, with its place", (source, words) => {
    const others = { "theirs.liquid": "x", "broken.tmpl": "\n<TMPL_LOOP a>" };
    expect(() => renderHtmlTemplate(source, page, others)).toThrow(words);
  });

  test("templates that include one another a thousand times end", () => {
    const others = Object.fromEntries(
      Array.from({ length: 9 }, (_, n) => [`t${n}.tmpl`, `<TMPL_INCLUDE t${n + 1}.tmpl>`.repeat(1_000)]),
    );
    const all = { ...others, "t9.tmpl": "" };
    expect(() => renderHtmlTemplate("<TMPL_INCLUDE t0.tmpl>", page, all)).toThrow("more than a million times");
  });
});
