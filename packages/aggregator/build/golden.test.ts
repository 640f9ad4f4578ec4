import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { XMLValidator } from "fast-xml-parser";
import { buildSample, temporaryFolder } from "./testing/sampleSite.ts";

// UPDATE_GOLDEN=1 rewrites the expectations; read the difference before committing it.
const update = process.env.UPDATE_GOLDEN === "1";
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await buildSample(folder.path);
});
afterAll(() => folder.clean());

const written = (name: string) => readFile(join(folder.path, "out", name), "utf8");

describe("the sample planet, whole", () => {
  test.each(["index.html", "titles_only.html", "atom.xml", "rss20.xml", "rss10.xml", "opml.xml", "foafroll.xml"])(
    "%s",
    async (name) => {
      const golden = new URL(`testdata/${name}.golden`, import.meta.url);
      const actual = await written(name);
      if (update) await writeFile(golden, actual);
      expect(actual).toBe(await readFile(golden, "utf8"));
    },
  );

  test.each(["atom.xml", "rss20.xml", "rss10.xml", "opml.xml", "foafroll.xml"])("%s is well-formed", async (name) => {
    expect(XMLValidator.validate(await written(name))).toBe(true);
  });

  test("the page has no script and no inline style, and names other servers only in links and pictures", async () => {
    const page = await written("index.html");
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|<iframe/i);
    expect(page).not.toMatch(/<link[^>]*rel="stylesheet"[^>]*href="(?:https?:)?\/\//i);
  });

  test("no e-mail address is printed", async () => {
    for (const name of ["index.html", "atom.xml", "rss20.xml", "opml.xml"])
      expect(await written(name)).not.toContain("editors@");
  });
});
