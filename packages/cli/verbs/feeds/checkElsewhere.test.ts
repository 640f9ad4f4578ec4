import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { checkoutWith, type Files, feeds, INI } from "./testing/testFeeds.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A planet of somebody else, outside any checkout. */
function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "planet-elsewhere-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const NOWHERE = "/nowhere/at/all";
const THEIRS = "[Planet]\nname = P\nlink = p.example\noutput_theme = x\ntemplate_files = index.html.tmpl\n";
const FEED = "[http://a.example/feed]\nname = Anna\n";

describe("planet feeds check FILE (proves what is said before anybody adopts a planet)", () => {
  test("a file of any name, without a checkout, a stack or a cloud", async () => {
    const folder = folderWith({ "lists/our.planet": THEIRS + FEED });
    const { code, out, err, calls } = await feeds(["check", join(folder, "lists/our.planet")], NOWHERE);
    expect([code, calls]).toEqual([0, []]);
    expect(out).toContain(`${join(folder, "lists/our.planet")}:3: warning: "link" has no scheme`);
    expect(out).toContain(':4: warning: "output_theme" has no effect');
    expect(out).toContain(':5: warning: "index.html.tmpl" is not there: the built-in index.html is used');
    expect(err).toContain("0 error(s), 3 warning(s)");
    expect(err).toContain("which has 1 feed(s)\nIt can be used as it is.");
    expect(err).toMatch(
      /What a move changes:\n {2}kept .*\n {2}ignored {2}output_theme\n {2}lost .*the other 2 warnings name\n$/,
    );
  });

  test("a folder: its config.ini, its theme and pictures wherever they lie", async () => {
    const theme = { "themes/x/index.html.tmpl": "<TMPL_LOOP Items>", "heads/anna.png": "not a picture" };
    const folder = folderWith({ "config.ini": `${THEIRS}${FEED}face = anna.png\n`, ...theme });
    const { code, out } = await feeds(["check", folder], NOWHERE);
    expect(code).toBe(1);
    expect(out).toContain('"index.html.tmpl" lies at "themes/x/index.html.tmpl"; copy it to site/index.html.tmpl');
    expect(out).toContain("themes/x/index.html.tmpl:1: error: TMPL_LOOP is not closed");
    expect(out).toContain(':8: warning: "anna.png" is not a PNG, JPEG, GIF or WebP image');
  });

  test("the pieces that a template includes are found, too", async () => {
    const theme = {
      "x/index.html.tmpl": "<TMPL_INCLUDE NAME=parts/head.tmpl>",
      "x/parts/head.tmpl": "<TMPL_INCLUDE logo.tmpl>",
      "x/parts/logo.tmpl": "\n</TMPL_IF>",
    };
    const { out } = await feeds(["check", folderWith({ "planet.ini": THEIRS + FEED, ...theme })], NOWHERE);
    expect(out).toContain("x/parts/logo.tmpl:2: error: /TMPL_IF closes nothing");
  });

  test("a theme's pictures and style sheets are found where the theme has them; those that are nowhere are named", async () => {
    const page = '<TMPL_VAR name><link href="theme.css"><img src="images/icon.png"><img src="images/none.png">';
    const theme = { "x/index.html.tmpl": page, "x/theme.css": "a {}", "x/images/icon.png": "x" };
    const { out } = await feeds(["check", folderWith({ "planet.ini": THEIRS + FEED, ...theme })], NOWHERE);
    expect(out.match(/.*leads to no file of the planet/g)).toEqual([
      expect.stringMatching(/x\/index\.html\.tmpl:1: warning: "images\/none\.png" leads/),
    ]);
  });

  test("templates and texts beside planet.ini are looked at, though it names none of them", async () => {
    const ini = `[Planet]\nname = P\nlink = http://p.example/\n${FEED}`;
    const broken = { "index.html.liquid": "\n{% if a %}", "about.md": "# A\n\n[a](none.html)" };
    const { code, out } = await feeds(["check", folderWith({ "planet.ini": ini, ...broken })], NOWHERE);
    expect([code, out]).toEqual([1, expect.stringContaining("index.html.liquid:2: error: ")]);
    const good = { "index.html.liquid": "{{ name }}", "about.md": broken["about.md"] };
    const { out: second } = await feeds(["check", folderWith({ "planet.ini": ini, ...good })], NOWHERE);
    expect(second).toContain("about.md:3: warning: ");
  });

  test("an error is one, and the file is not called usable", async () => {
    const { code, err } = await feeds(["check", folderWith({ "planet.ini": "[Planet]\nname = P\n" })], NOWHERE);
    expect([code, err.includes("The errors stop a move")]).toEqual([1, true]);
  });

  test("of 200 problems of one kind the first ones are printed, the others counted; a script gets all", async () => {
    const many = Array.from({ length: 200 }, (_, n) => `[http://${n}.example/]\nface = ${n}.png\n`).join("");
    const folder = folderWith({ "planet.ini": `[Planet]\nlink = http://p.example/\n${many}` });
    const { out, err } = await feeds(["check", folder], NOWHERE);
    expect(out.trim().split("\n")).toHaveLength(4);
    expect(out).toContain(":4: warning: ");
    expect(out).toContain("197 more like this, in lines 10, 12, 14,");
    expect(err).toContain("0 error(s), 200 warning(s)");
    expect(JSON.parse((await feeds(["check", folder, "--json"], NOWHERE)).out)).toHaveLength(200);
  });

  test("the checkout's own site/ by its path is the same as no path", async () => {
    const checkout = checkoutWith({ "planet.ini": INI, "Logo.PNG": "x" });
    const plain = await feeds(["check"], checkout);
    for (const path of ["site", "site/planet.ini"]) {
      expect(await feeds(["check", join(checkout, path)], checkout)).toEqual(plain);
    }
  });

  test("what is no file, is too large, or is not there is refused before it is read", async () => {
    const folder = folderWith({ "big.ini": "#".repeat(2_097_153), "empty/x": "" });
    const paths = ["big.ini", "none.ini"].map((name) => join(folder, name));
    for (const path of [...paths, "/dev/zero"]) {
      await expect(feeds(["check", path], NOWHERE)).rejects.toMatchObject({ code: "NO_INI_THERE" });
    }
    const empty = feeds(["check", join(folder, "empty")], NOWHERE);
    await expect(empty).rejects.toMatchObject({ code: "NO_INI_IN_FOLDER" });
    await expect(feeds(["check", "a", "b"], NOWHERE)).rejects.toMatchObject({ code: "NOT_ONE_PLANET", exitCode: 2 });
  });

  test("a loop of links and words that command a terminal do no harm", async () => {
    const ini = `[Planet]\nlink = http://p.example/\nx\u001b[31m = 1\n${FEED}face = \u001b[2J.png\n`;
    const folder = folderWith({ "planet.ini": ini });
    symlinkSync(folder, join(folder, "again"));
    const { out, err } = await feeds(["check", folder], NOWHERE);
    expect(out).toContain(":6:");
    expect(out + err).not.toContain("\u001b");
  });
});
