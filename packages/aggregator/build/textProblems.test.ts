import { describe, expect, test } from "@jest/globals";
import { textProblems } from "./textProblems.ts";

const BUILT = ["index.html", "atom.xml", "planet.css", "images", "images/logo.png"];

const problemsOf = (texts: Readonly<Record<string, string>>) =>
  textProblems(
    Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    BUILT,
  );

describe("links of the editors' texts (proves which lead nowhere)", () => {
  test.each([
    ["a file that is not there", "[a](images/none.png)", "about.md"],
    ["a page above the planet", "[a](../other.html)", "about.md"],
    ["a picture", "![a](none.png)", "about.md"],
    ["a text of the folder above", "[a](about.html)", "help/join.md"],
  ])("to %s", (_, link, name) => {
    const address = /\(([^)]*)/.exec(link)?.[1];
    expect(problemsOf({ "about.md": "# About\n", [name]: `# A\n\nOne\n${link}` })).toEqual([
      { file: name, line: 4, level: "warning", text: `"${address}" leads to no file of the planet` },
    ]);
  });

  test("to what a planet has, to other places, and without an address that can be read", () => {
    const here =
      "about.html#join about.md feeds.html atom.xml archive/index.html feed/x-12345678.html planet.css ./ #here";
    const elsewhere = "https://a.example/ mailto:a@b.example //b.example/x index.html images/logo.png";
    const about = `${here} ${elsewhere}`.split(" ").map((link) => `[a](${link})`);
    expect(problemsOf({ "about.md": about.join("\n"), "help/join.md": "[a](../about.md)" })).toEqual([]);
    expect(problemsOf({ "about.md": "[a](%E0%A4%A)" })).toHaveLength(1);
  });
});
