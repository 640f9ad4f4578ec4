import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readPatterns } from "./patterns.ts";

const matches = (pattern: string, text: string) => readPatterns(pattern).map((each) => each.test(text));

describe("patterns as Python writes them (proves what matches; not how long it takes)", () => {
  test.each([
    ["(?i)fedora", "On FEDORA", "on debian"],
    ["C\\+\\+", "C++", "C"],
    ["e\\-mail", "e-mail", "email"],
    ["\\#planet\\ news", "#planet news", "planet news"],
    ["tag\\_x\\'s", "tag_x's", "tagx's"],
    ["[\\w\\-\\#]{3}$", "a-#", "a b"],
    ["[]x]", "]", "y"],
    ["[^]x]", "a", "]x"],
    ["{planet}", "{planet}", "planet"],
    ["^a{,2}b", "ab", "aaab"],
    ["x]", "x]", "x"],
    ["(?P<word>\\w+) (?P=word)", "the the", "the a"],
    ["\\Aab\\Z", "ab", "cab"],
    ["a(?#note)b", "ab", "a"],
  ])("%s matches %j and not %j", (pattern, yes, no) => {
    expect([matches(pattern, yes), matches(pattern, no)]).toEqual([[true], [false]]);
  });

  test("one a line", () => expect(matches("a\n\n  b  \n", "b")).toEqual([false, true]));

  test.each(["(", "[", "[]", "[^]", "a**", "(?x)a", "a{2,1}", "\\q"])("%s is refused", (pattern) => {
    expect(() => readPatterns(pattern)).toThrow();
  });

  test("an escaped text matches itself, as Python's re.escape writes it", () => {
    const escaped = (text: string) => text.replace(/[^a-zA-Z0-9_]/gu, "\\$&");
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "binary" }), (text) => {
        fc.pre(!/[\n\r\u2028\u2029]/.test(text) && text.trim() === text);
        return readPatterns(escaped(text)).every((pattern) => pattern.test(text));
      }),
    );
  });
});
