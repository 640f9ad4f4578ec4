import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { sha256Of } from "@planet/content";
import { OperatorError } from "../../command.ts";
import { bucketReader, checkoutWith, configWith, type Files, feeds, INI, siteFile } from "./testing/testFeeds.ts";

const CSS = "a {}\n";
const PUBLISHED = { "planet.ini": INI, "planet.css": CSS };
const EDITED = INI.replace("Anna", "Annabel");
const OURS = INI.replace("[http://a", "[http://b.example/feed]\nname = Bert\n\n[http://a");
/** Its first new line follows the line that the edit changed. */
const BESIDE = `${INI}\n[http://b.example/feed]\nname = Bert\n`;

async function pull(live: Readonly<Record<string, string | null>>, site: Files, argv: string[] = []) {
  const checkout = checkoutWith(site);
  const reader = () => bucketReader(PUBLISHED, { ...PUBLISHED, ...live });
  return { checkout, ...(await feeds(["pull", ...argv], checkout, { reader })) };
}

describe("planet feeds pull", () => {
  test("nothing was edited", async () => {
    const { code, out, err } = await pull({}, PUBLISHED);
    expect([code, out]).toEqual([0, ""]);
    expect(err).toMatch(/^No edits in the bucket/);
  });

  test("an edit comes into site/ byte for byte, with its difference", async () => {
    const { code, out, err, checkout, calls } = await pull({ "planet.ini": EDITED }, PUBLISHED);
    expect(code).toBe(0);
    expect(siteFile(checkout)).toBe(EDITED);
    expect(out).toContain("planet.ini: taken\n");
    expect(out).toContain("-name = Anna\n+name = Annabel");
    expect(err).toContain("npx planet preview\n");
    expect(calls).toHaveLength(1);
  });

  const stackFile = (checkout: string) => join(checkout, "Pulumi.prod.yaml");
  const overwriting = (digits: string) =>
    `config:\n  planet:interval: 10\n  planet:overwrite:\n    planet.ini: "${digits}"\n`;

  test("a change of ours that is not published yet is kept, and the edit may go; numbers stay numbers", async () => {
    const checkout = checkoutWith({ ...PUBLISHED, "planet.ini": OURS });
    writeFileSync(stackFile(checkout), "config:\n  planet:interval: 10\n");
    const reader = () => bucketReader(PUBLISHED, { ...PUBLISHED, "planet.ini": EDITED });
    const { code, err } = await feeds(["pull", "--stack", "prod"], checkout, { reader });
    expect(code).toBe(0);
    expect(siteFile(checkout)).toBe(OURS.replace("Anna", "Annabel"));
    const digits = sha256Of(EDITED).slice(0, 8);
    expect(readFileSync(stackFile(checkout), "utf8")).toBe(overwriting(digits));
    expect(err).toContain(`Pulumi.prod.yaml: planet:overwrite["planet.ini"] is now ${digits}`);
    expect(err).toContain("npx planet preview --stack prod\n");
  });

  test("an overwrite that was used goes, one that is to be used stays", async () => {
    const overwrite = (digits: string) => ({
      pulumi: async () => ({
        code: 0,
        stdout: JSON.stringify(configWith({ overwrite: `{"planet.ini":"${digits}"}` })),
      }),
      reader: () => bucketReader(PUBLISHED, { ...PUBLISHED, "planet.ini": EDITED }),
    });
    const digits = sha256Of(EDITED).slice(0, 8);
    for (const [given, after] of [
      ["00000000", "config:\n  planet:interval: 10\n"],
      [digits, overwriting(digits)],
    ] as const) {
      const checkout = checkoutWith({ ...PUBLISHED, "planet.ini": EDITED });
      writeFileSync(stackFile(checkout), overwriting(given));
      expect((await feeds(["pull", "--stack", "prod"], checkout, overwrite(given))).code).toBe(0);
      expect(readFileSync(stackFile(checkout), "utf8")).toBe(after);
    }
  });

  test("a stack's file that cannot be edited is named, with what to set", async () => {
    const checkout = checkoutWith({ ...PUBLISHED, "planet.ini": OURS });
    const reader = () => bucketReader(PUBLISHED, { ...PUBLISHED, "planet.ini": EDITED });
    const { code, err } = await feeds(["pull", "--stack", "prod"], checkout, { reader });
    expect(code).toBe(3);
    expect(err).toMatch(/Pulumi\.prod\.yaml was not changed: .*ENOENT.*by hand: planet\.ini: [0-9a-f]{8}/);
  });

  test("an edit that site/ has and planet:leave keeps out is named with the end of that", async () => {
    const checkout = checkoutWith({ ...PUBLISHED, "planet.ini": EDITED });
    const { out } = await feeds(["pull"], checkout, {
      pulumi: async () => ({ code: 0, stdout: JSON.stringify(configWith({ leave: '["planet.ini"]' })) }),
      reader: () => bucketReader(PUBLISHED, { ...PUBLISHED, "planet.ini": EDITED }),
    });
    expect(out).toMatch(/has this edit already; planet:leave keeps it out.*config rm --path 'planet:leave\[0\]'/);
  });

  test.each([
    ["one line", INI.replace("Anna", "Anne")],
    ["neighbouring lines", BESIDE],
  ])("two changes of %s are left to people, with both texts", async (_, ours) => {
    const { code, out, checkout } = await pull({ "planet.ini": EDITED }, { ...PUBLISHED, "planet.ini": ours });
    expect(code).toBe(3);
    expect(siteFile(checkout)).toBe(ours);
    expect(readFileSync(join(checkout, ".planet/pulled/planet.ini"), "utf8")).toBe(EDITED);
    expect(out).toContain("do not fit together");
    const digits = sha256Of(EDITED).slice(0, 8);
    expect(out).toContain(`replace the edit: npx pulumi config set --path 'planet:overwrite["planet.ini"]' ${digits}`);
  });

  test("a template of which no page can be made is left alone: a deploy with it would be refused", async () => {
    const published = { ...PUBLISHED, "index.html.tmpl": "<TMPL_VAR name>" };
    const live = { ...published, "index.html.tmpl": "\n<TMPL_LOOP Items>", "planet.css": "b {}\n" };
    const checkout = checkoutWith(published);
    const { code, out } = await feeds(["pull"], checkout, { reader: () => bucketReader(published, live) });
    expect(code).toBe(3);
    expect(out).toContain("index.html.tmpl: not taken: line 2: TMPL_LOOP is not closed.");
    expect(siteFile(checkout, "index.html.tmpl")).toBe("<TMPL_VAR name>");
    expect(siteFile(checkout, "planet.css")).toBe("b {}\n");
  });

  test("a template is taken with the piece that it includes, which is new in the bucket, too", async () => {
    const published = { ...PUBLISHED, "index.html.tmpl": "<TMPL_VAR name>", "head.tmpl": "a" };
    const live = { ...published, "index.html.tmpl": "<TMPL_VAR name><TMPL_INCLUDE head.tmpl>" };
    const { "head.tmpl": _, ...site } = published;
    const checkout = checkoutWith(site);
    const { code } = await feeds(["pull"], checkout, { reader: () => bucketReader(published, live) });
    expect([code, siteFile(checkout, "index.html.tmpl")]).toEqual([0, live["index.html.tmpl"]]);
  });

  test("without git, nothing is written and the reason is named", async () => {
    const noGit = new OperatorError({ code: "NO_GIT", what: "no git" });
    const checkout = checkoutWith({ ...PUBLISHED, "planet.ini": OURS, "planet.css": CSS });
    const live = { ...PUBLISHED, "planet.ini": EDITED, "planet.css": "b {}\n" };
    const result = feeds(["pull"], checkout, {
      reader: () => bucketReader(PUBLISHED, live),
      merge: () => Promise.reject(noGit),
    });
    await expect(result).rejects.toBe(noGit);
    expect([siteFile(checkout), siteFile(checkout, "planet.css")]).toEqual([OURS, CSS]);
  });

  test.each<[string, Record<string, string | null>, Files, number, RegExp]>([
    [
      "a pulled edit again",
      { "planet.ini": EDITED },
      { ...PUBLISHED, "planet.ini": EDITED },
      0,
      /has this edit already/,
    ],
    ["a closed object", { "planet.css": null }, PUBLISHED, 3, /403.*--acl public-read/],
    [
      "a face that only the edit names",
      { "planet.ini": `${EDITED}face = a.gif\n`, "images/a.gif": "GIF89a" },
      PUBLISHED,
      0,
      /images\/a.gif: taken, new here/,
    ],
  ])("%s", async (_, live, site, code, words) => {
    const result = await pull(live, site);
    expect(result.code).toBe(code);
    expect(result.out).toMatch(words);
  });

  test.each<[string, string, string, RegExp]>([
    ["random bytes as png", "logo.png", "\u0007\u0000random", /logo.png: not taken: logo.png is not image\/png/],
    [
      "a page as css",
      "planet.css",
      "<html>no</html>",
      /planet.css: not taken: planet.css is not text\/css; it is an HTML/,
    ],
    ["an empty css", "planet.css", "", /planet.css: not taken: planet.css is empty/],
    ["a broken planet.ini", "planet.ini", `${INI}[http://x\n`, /planet.ini: not taken: line 8: /],
    ["an error page as planet.ini", "planet.ini", "<html>no</html>", /planet.ini: not taken: /],
  ])("%s, as the server has rejected it, is left alone and named", async (_, name, text, words) => {
    const site = { ...PUBLISHED, "logo.png": "ours" };
    const { code, out, err, checkout, calls } = await pull({ [name]: text }, site);
    expect([code, calls.length]).toEqual([3, 1]);
    expect(out).toMatch(words);
    expect(out).toContain("The server has rejected it too; replace it in the bucket");
    expect(err).toMatch(/^Not finished/);
    expect([siteFile(checkout), siteFile(checkout, "planet.css")]).toEqual([INI, CSS]);
    expect(siteFile(checkout, "logo.png")).toBe("ours");
  });

  test("what is rejected may be overwritten by a change of ours; the rest is pulled", async () => {
    const live = { "planet.css": "<html>no</html>", "planet.ini": EDITED };
    const { code, out, checkout } = await pull(live, { ...PUBLISHED, "planet.css": "b {}\n" });
    expect(code).toBe(3);
    const digits = sha256Of("<html>no</html>").slice(0, 8);
    expect(out).toContain(`overwrite it: npx pulumi config set --path 'planet:overwrite["planet.css"]' ${digits}`);
    expect([siteFile(checkout), siteFile(checkout, "planet.css")]).toEqual([EDITED, "b {}\n"]);
  });

  test("what git does not have is not overwritten", async () => {
    const checkout = checkoutWith(PUBLISHED);
    const reader = () => bucketReader(PUBLISHED, { ...PUBLISHED, "planet.ini": EDITED });
    for (const open of [["planet.ini"], undefined]) {
      const result = feeds(["pull"], checkout, { reader, uncommitted: async () => open });
      await expect(result).rejects.toMatchObject({ code: "WOULD_OVERWRITE" });
    }
    expect(siteFile(checkout)).toBe(INI);
    expect((await feeds(["pull", "--yes"], checkout, { reader, uncommitted: async () => undefined })).code).toBe(0);
    expect(siteFile(checkout)).toBe(EDITED);
  });

  test.each([
    ["another stack's", "local", "OTHER_STACKS_BUCKET"],
    ["no", "", "NOT_PUBLISHED"],
  ])("refuses %s manifest", async (_, stack, code) => {
    const reader = () => bucketReader(stack === "" ? undefined : PUBLISHED, PUBLISHED);
    const result = feeds(["pull", "--stack", stack], checkoutWith(PUBLISHED), { reader });
    await expect(result).rejects.toMatchObject({ code, exitCode: 1 });
  });
});

describe("planet feeds pull --adopt", () => {
  const live = { "planet.ini": EDITED, "planet.css": CSS, "Old.HTML": "x", "logo.gif": "GIF89a" };
  const adopt = (checkout: string, anonymous: Readonly<Record<string, string | null>> = live, own: Files = live) =>
    feeds(["pull", "--adopt", "--stack", "prod"], checkout, {
      reader: () => bucketReader(undefined, anonymous),
      ownBucket: async () => ({ keys: Object.keys(own), read: bucketReader(undefined, own) }),
    });

  test("brings everything that can be published, and says what stays and what to set", async () => {
    const checkout = checkoutWith({ ...PUBLISHED, "images/sample.gif": "GIF89a" });
    const { code, out, err } = await adopt(checkout);
    expect(code).toBe(0);
    expect([siteFile(checkout), siteFile(checkout, "logo.gif")]).toEqual([EDITED, "GIF89a"]);
    expect(existsSync(join(checkout, "site/Old.HTML"))).toBe(false);
    expect(out).toContain("planet.ini: taken, replaces the one here");
    expect(out).toContain("planet.css: the same here");
    expect(out).toContain("images/sample.gif: only here");
    expect(err).toMatch(/Old.HTML: left in the bucket.*must end in .*about\.md: docs\/theme\.md#texts/);
    expect(err).toContain("planet:address");
  });

  test("pictures and fonts keep the names that they have; what cannot, is named with what to do", async () => {
    const names = ["images/JohnDoe.png", "photo.JPEG", "logo.svg", "text.woff2"];
    const files = { ...live, ...Object.fromEntries([...names, "My Face.png"].map((name) => [name, name])) };
    const checkout = checkoutWith(PUBLISHED);
    const { err } = await adopt(checkout, files, files);
    expect(names.map((name) => siteFile(checkout, name))).toEqual(names);
    expect(err).toMatch(/My Face.png: left in the bucket.*rename it/);
  });

  test("a private object is not taken into a repository that may be public", async () => {
    const checkout = checkoutWith(PUBLISHED);
    const { code, err } = await adopt(checkout, { ...live, "logo.gif": null });
    expect(code).toBe(0);
    expect(existsSync(join(checkout, "site/logo.gif"))).toBe(false);
    expect(err).toContain("logo.gif: not public, so not taken");
  });

  test("a private planet.ini is taken, and would stop the deploy", async () => {
    const checkout = checkoutWith(PUBLISHED);
    const { code, err } = await adopt(checkout, { ...live, "planet.ini": null });
    expect([code, siteFile(checkout)]).toEqual([3, EDITED]);
    expect(err).toContain("planet.ini: not public");
  });

  test("an adopted bucket is not adopted again", async () => {
    const reader = () => bucketReader(PUBLISHED, PUBLISHED);
    await expect(feeds(["pull", "--adopt"], checkoutWith(PUBLISHED), { reader })).rejects.toMatchObject({
      code: "ALREADY_ADOPTED",
    });
  });
});
