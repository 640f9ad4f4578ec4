import { describe, expect, test } from "@jest/globals";
import { renderHtmlTemplate, type Scope, type Value } from "./htmlTemplate.ts";

const scope = (entries: Record<string, Value>): Scope => new Map(Object.entries(entries));
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
    ["a default", '<TMPL_VAR nothing DEFAULT="none">', "none"],
    ["a condition", "<TMPL_IF empty>yes<TMPL_ELSE>no</TMPL_IF>", "no"],
    ["its opposite", "<TMPL_UNLESS empty>yes</TMPL_UNLESS>", "yes"],
    [
      "a loop with its places",
      "<TMPL_LOOP Items><TMPL_VAR n><TMPL_UNLESS __LAST__>, </TMPL_UNLESS></TMPL_LOOP>",
      "1, 2, 3",
    ],
    ["a comment line", "### note\nx", "x"],
    [
      "outer names inside a loop",
      "<TMPL_LOOP items><TMPL_IF __FIRST__><TMPL_VAR name></TMPL_IF></TMPL_LOOP>",
      "A &#38; B",
    ],
  ])("%s", (_claim, source, expected) => expect(renderHtmlTemplate(source, page)).toBe(expected));

  test.each(["<TMPL_IF x>", "</TMPL_IF>", "<TMPL_ELSE>", "<TMPL_LOOP items></TMPL_IF>", "<TMPL_INCLUDE /etc/passwd>"])(
    "%s is refused",
    (source) => {
      expect(() => renderHtmlTemplate(source, page)).toThrow();
    },
  );
});
