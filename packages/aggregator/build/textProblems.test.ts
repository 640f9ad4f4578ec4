import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "./testing/sampleSite.ts";
import { textProblems } from "./textProblems.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "images"));
  for (const name of ["index.html", "atom.xml", "planet.css", "images/logo.png"]) {
    await writeFile(join(folder.path, name), "");
  }
});
afterEach(() => folder.clean());

const problemsOf = (texts: Readonly<Record<string, string>>) =>
  textProblems(
    Object.entries(texts).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    folder.path,
  );

describe("links of the editors' texts (proves which lead nowhere)", () => {
  test.each([
    ["a file that is not there", "[a](images/none.png)", "about.md"],
    ["a page above the planet", "[a](../other.html)", "about.md"],
    ["a picture", "![a](none.png)", "about.md"],
    ["a text of the folder above", "[a](about.html)", "help/join.md"],
  ])("to %s", async (_, link, name) => {
    const address = /\(([^)]*)/.exec(link)?.[1];
    expect(await problemsOf({ "about.md": "# About\n", [name]: `# A\n\nOne\n${link}` })).toEqual([
      { file: name, line: 4, level: "warning", text: `"${address}" leads to no file of the planet` },
    ]);
  });

  test("to what a planet has, to other places, and without an address that can be read", async () => {
    const here =
      "about.html#join about.md feeds.html atom.xml archive/index.html feed/x-12345678.html planet.css ./ #here";
    const elsewhere = "https://a.example/ mailto:a@b.example //b.example/x index.html images/logo.png";
    const about = `${here} ${elsewhere}`.split(" ").map((link) => `[a](${link})`);
    expect(await problemsOf({ "about.md": about.join("\n"), "help/join.md": "[a](../about.md)" })).toEqual([]);
    expect(await problemsOf({ "about.md": "[a](%E0%A4%A)" })).toHaveLength(1);
  });
});
