import { describe, expect, test } from "@jest/globals";
import { sampleFacts } from "./documentation/testing/sampleFacts.ts";
import { renderPage } from "./siteFiles.ts";
import type { ChannelModel } from "./types.ts";

const sample = sampleFacts();
const channels = Array.from({ length: 60 }, () => sample.page.channels[0] as ChannelModel);
const facts = { ...sample, page: { ...sample.page, name: "Test", channels } };
const render = (template: string, source: string) => renderPage({ template, templates: { [template]: source }, facts });

describe("templates (proves that they end; ReaderPool ends the others)", () => {
  test("a picture inside the text costs nothing", () => {
    const picture = `<img src="data:image/png;base64,${"A".repeat(400_000)}">`;
    expect(render("index.html.liquid", `${picture}{{ name }}`)).toBe(`${picture}Test`);
  });

  test.each([
    ["{{ name | raw }}", "name"],
    ["{{name|raw}}", "name"],
    [`{{ a${" ".repeat(300)}| raw }}`, ""],
    [`{{ ${"a".repeat(300)}_html.b | raw }}`, "_html.b"],
  ])("only names in _html are printed unescaped: %.20s", (source, name) => {
    expect(() => render("index.html.liquid", source)).toThrow(`${name}" must not be printed with the filter raw`);
  });

  test("loops in loops that write nothing end", () => {
    const [open, close] = ["<TMPL_LOOP Channels>", "</TMPL_LOOP>"];
    expect(() => render("index.html.tmpl", open.repeat(5) + close.repeat(5))).toThrow("more than a million times");
  });

  test("a tag that does not end is text", () => {
    const open = `<TMPL_VAR${" ".repeat(400_000)}`;
    expect(render("index.html.tmpl", open)).toBe(open);
  });

  test("a tag in a comment is a tag", () => {
    expect(render("index.html.tmpl", "<!-- TMPL_VAR name -->|<TMPL_VAR NAME='name' --> ")).toBe("Test|Test ");
  });
});
