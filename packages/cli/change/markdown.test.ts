import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { line } from "./line.ts";
import { COMMENT_LIMIT, commentMarker, renderMarkdown } from "./markdown.ts";
import type { Block, Report } from "./report.ts";

const text = fc.string({ unit: "binary", maxLength: 400 });
const block: fc.Arbitrary<Block> = fc.oneof(
  fc
    .array(text, { maxLength: 30 })
    .map((all): Block => ({ kind: "list", title: "List", items: all.map((each) => line`x ${each}`) })),
  fc
    .tuple(fc.array(text.map((each) => each.replaceAll("\n", ""))), fc.boolean())
    .map(([lines, folded]): Block => ({ kind: "code", title: ["Code"], language: "diff", lines, folded })),
);

describe("renderMarkdown", () => {
  test("never exceeds its limit, keeps marker and footer, and closes what it opens", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 12 }), fc.integer({ min: 400, max: 20_000 }), (blocks, limit) => {
        const report: Report = { stack: "prod", headline: ["Words."], blocks, footer: [["Way back."]] };
        const result = renderMarkdown(report, limit);
        expect(result.length).toBeLessThanOrEqual(limit);
        expect(result.startsWith(`${commentMarker("prod")}\n`)).toBe(true);
        expect(result.endsWith("\n---\nWay back.\n")).toBe(true);
        const opened = result.split("\n").filter((each) => each.startsWith("<details><summary>")).length;
        expect(result.split("\n</details>\n").length - 1).toBeGreaterThanOrEqual(opened);
      }),
    );
  });

  test("a folded title is HTML, where a code span protects nothing", () => {
    const code: Block = {
      kind: "code",
      title: line`File ${"<img src=x>&`"}`,
      language: "diff",
      lines: [],
      folded: true,
    };
    const result = renderMarkdown({ stack: "prod", headline: ["Words."], blocks: [code], footer: [] });
    expect(result).toContain("<summary>File <code>&lt;img src=x&gt;&amp;`</code></summary>");
  });

  test("a comment of megabytes becomes one that GitHub takes", () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `+ line ${index} ${"x".repeat(100)}`);
    const code: Block = { kind: "code", title: ["Code"], language: "diff", lines, folded: true };
    const result = renderMarkdown({ stack: "prod", headline: ["Words."], blocks: [code, code], footer: [] });
    expect(result.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(result.length).toBeGreaterThan(COMMENT_LIMIT - 1_000);
    expect(result).toMatch(/_Truncated: \d+ more lines\. `npx planet preview` shows all\._/);
  });

  test.each([
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["`", "`` ` ``"],
    ["a\n\nb", "`a b`"],
    ["", "(empty)"],
    ["``x```y", "```` ``x```y ````"],
  ])("%j is the code span %s", (name, span) => {
    const report: Report = { stack: "prod", headline: line`Name ${name}`, blocks: [], footer: [] };
    expect(renderMarkdown(report)).toContain(`Name ${span}\n`);
  });
});
