import { describe, expect, test } from "@jest/globals";
import { renderLiquid } from "./liquid.ts";

const problemOf = (templates: Record<string, string>): string => {
  try {
    return renderLiquid("page.liquid", templates, { name: "x" });
  } catch (error) {
    return (error as { readonly problem: string }).problem;
  }
};

describe("mistakes in Liquid (proves the words and the place)", () => {
  test.each([
    ["page.liquid", { "page.liquid": "\n\n{% render 'none.liquid' %}" }, 3],
    [
      "side.liquid",
      { "page.liquid": "{% include 'side.liquid' %}", "side.liquid": "\n{% include 'none.liquid' %}" },
      2,
    ],
  ])("a piece that is not there, in %s", (file, templates, line) => {
    expect(problemOf(templates)).toBe(`there is no piece "none.liquid", file:${file}, line:${line}, col:1`);
  });

  test.each([
    ["itself", { "page.liquid": "{% include 'a.liquid' %}", "a.liquid": "\n{% include 'a.liquid' %}" }, "a", 2],
    [
      "another that includes it",
      {
        "page.liquid": "{% render 'a.liquid' %}",
        "a.liquid": "{% render 'b.liquid' %}",
        "b.liquid": "\n\n{% render 'a.liquid' %}",
      },
      "(?:a|b)",
      "[13]",
    ],
  ])("a piece that includes %s", (_, templates, file, line) => {
    const sentence = "this piece includes itself, or others that include it";
    expect(problemOf(templates)).toMatch(new RegExp(`^${sentence}, file:${file}\\.liquid, line:${line}, col:1$`));
  });

  test("text that would be printed unescaped", () => {
    expect(problemOf({ "page.liquid": "a\n  {{ name | raw }}" })).toMatch(
      /^"name" .*, file:page\.liquid, line:2, col:11$/,
    );
  });
});
