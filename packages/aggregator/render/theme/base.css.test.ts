import { describe, expect, test } from "@jest/globals";
import { themeFile } from "./files.ts";

const css = Buffer.from(themeFile("base.css")).toString("utf8");
const [light = "", dark = ""] = [...css.matchAll(/:root \{([^}]*--paper[^}]*)\}/g)].map(([, block]) => block);
const variables = (block: string) =>
  new Map([...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6})/g)].map(([, name = "", colour = ""]) => [name, colour]));

/** Text on what is behind it, as the rules of base.css combine them; colours without a name are written out. */
const PAIRS: readonly (readonly [text: string, behind: string])[] = [
  ...["--ink", "--soft", "--accent", "--accent-strong", "--warn"].flatMap((text) =>
    ["--paper", "--card"].map((behind) => [text, behind] as const),
  ),
  ["--paper", "--accent"],
  ["--paper", "--accent-strong"],
  ["--soft", "--wash"],
  ["--ink", "--wash"],
  ["--warn", "--warn-wash"],
  ["--ink", "--code"],
  ["#23252b", "#f5e08c"],
];
const tones = [...css.matchAll(/\.(?:initial|tone-\d) \{[^}]*background: (#[0-9a-f]{6})/g)].map(
  ([, tone = ""]) => tone,
);

/** Source: WCAG 2.2, definitions of relative luminance and of contrast ratio. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("base.css (proves ratios and directions; not that a page looks well)", () => {
  test("contrast is computed as WCAG says", () => {
    expect(contrast("#000000", "#ffffff")).toBe(21);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  });

  test.each([
    ["light", variables(light)],
    ["dark", variables(dark)],
  ])("every text can be read on what is behind it: %s", (_, colours) => {
    const ratios = PAIRS.map(([text, behind]) => {
      const [one, other] = [text, behind].map((name) => colours.get(name) ?? name);
      return [`${text} on ${behind}`, contrast(one ?? "", other ?? "")] as const;
    });
    expect(ratios.filter(([, ratio]) => !(ratio >= 4.5))).toEqual([]);
  });

  test("the stand-in for a face can be read in each of its colours", () => {
    expect(tones).toHaveLength(9);
    expect(tones.filter((tone) => contrast("#ffffff", tone) < 4.5)).toEqual([]);
  });

  test("no rule says left or right: a page from right to left is the mirror of the other", () => {
    expect(css).not.toMatch(/(?:^|[\s;{-])(?:left|right)\s*[:;]|-(?:left|right)\b/m);
    expect(css).not.toMatch(/(?:padding|margin|border-width|inset): *(?:\S+ ){3}\S+;/);
  });

  test("code stands from left to right, also in an Arabic entry", () => {
    const [, selectors = ""] = /\*\/([^{}*]+)\{\s*direction: ltr;\s*unicode-bidi: isolate;/.exec(css) ?? [];
    expect(selectors.trim().split(/,\s*/)).toEqual(
      expect.arrayContaining([".content pre", ".content code", ".entry h3 code"]),
    );
  });
});
