import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { sampleAnswer } from "@planet/local-cloud";
import { blogs, build, checkoutWith, INI, temporaryFolder, writeSite } from "./testing/testSite.ts";

const CHECKOUT = fileURLToPath(new URL("../../../../", import.meta.url));

function contentsOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries
      .map(({ parentPath, name }) => join(parentPath, name))
      .toSorted()
      .map((path) => [path.slice(folder.length), readFileSync(path, "latin1")]),
  );
}

describe("planet site build", () => {
  test("writes the website to .planet/site, and says what it wrote and which feeds failed", async () => {
    const checkout = checkoutWith({ "planet.ini": `${INI}\n[http://absent.example/absent]\nname = Nobody\n` });
    const { code, out, err } = await build(checkout);
    expect(code).toBe(0);
    expect(out).toMatch(/site: \d+ files, 1 entry, 1 of 2 feeds\n$/);
    expect(err).toMatch(
      /^ {2}failing: Nobody \(http:\/\/absent\.example\/absent\): .*404; asked again after 2026-05-18 12:1\d UTC\n$/,
    );
    expect(readFileSync(join(checkout, ".planet/site/index.html"), "utf8")).toContain("Fog");
    expect(readdirSync(join(checkout, ".planet")).toSorted()).toEqual(["site", "site-cache"]);
  });

  test("the sample site needs nothing but the checkout", async () => {
    const checkout = temporaryFolder();
    cpSync(join(CHECKOUT, "site"), join(checkout, "site"), { recursive: true });
    const answerFor = (url: URL, headers: Readonly<Record<string, string>>) => {
      const answer = sampleAnswer(url, headers);
      if (!answer) throw new Error(`asks the network for ${url}`);
      return answer;
    };
    const { out, err } = await build(checkout, [], { answerFor });
    expect(out).toMatch(/ 38 entries, 8 of 10 feeds\n$/);
    expect(err).toContain("failing: The Broken One");
    expect(err).toContain("gone: Gone Fishing");
  });

  test("no other address is a sample blog's", () => {
    expect(sampleAnswer(new URL("http://example.org/rss.xml"), {})).toBeUndefined();
    expect(sampleAnswer(new URL("http://blogs.test/"), {})).toBeUndefined();
  });

  test("has no script in it", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    await build(checkout);
    for (const text of Object.values(contentsOf(join(checkout, ".planet/site")))) {
      expect(text).not.toMatch(/<script|\/-\/changes/);
    }
  });

  test("equal files give equal bytes and times, without asking a feed again", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const asked: string[] = [];
    await build(checkout, [], { answerFor: blogs(asked) });
    const folder = join(checkout, ".planet/site");
    const [before, time] = [contentsOf(folder), statSync(join(folder, "index.html")).mtimeMs];
    const clock = () => new Date("2026-05-18T12:10:00Z");
    await build(checkout, [], { answerFor: blogs(asked), clock });
    expect(contentsOf(folder)).toEqual(before);
    expect(statSync(join(folder, "index.html")).mtimeMs).toBe(time);
    expect(asked).toEqual(["http://blog.example/rss"]);
  });

  test("replaces what it wrote before, as a whole", async () => {
    const checkout = checkoutWith({ "planet.ini": INI, "old.html.liquid": "old" });
    const folder = join(temporaryFolder(), "deep/www");
    await build(checkout, ["--out", folder]);
    expect(readFileSync(join(folder, "old.html"), "utf8")).toBe("old");
    rmSync(join(checkout, "site/old.html.liquid"));
    await build(checkout, ["--out", folder]);
    expect(existsSync(join(folder, "old.html"))).toBe(false);
    expect(readdirSync(join(folder, ".."))).toEqual(["www"]);
  });

  test("takes an empty folder, and one that a link leads to", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const place = temporaryFolder();
    mkdirSync(join(place, "real"));
    symlinkSync("real", join(place, "link"));
    await build(checkout, ["--out", join(place, "link")]);
    expect(existsSync(join(place, "real/index.html"))).toBe(true);
    expect(readdirSync(place).toSorted()).toEqual(["link", "real"]);
  });

  test.each([
    ["is not its own", "OUT_FOREIGN", (folder: string) => writeFileSync(join(folder, "mine"), "x")],
    [
      "has a file of somebody's",
      "OUT_HAS_MORE",
      (folder: string) => {
        writeFileSync(join(folder, ".planet-site"), "index.html\n");
        writeFileSync(join(folder, "mine"), "x");
      },
    ],
    [
      "is a file",
      "OUT_NOT_FOLDER",
      (folder: string) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "x");
      },
    ],
    [
      "is a link to nothing",
      "OUT_NOT_FOLDER",
      (folder: string) => {
        rmSync(folder, { recursive: true });
        symlinkSync("nowhere", folder);
      },
    ],
  ])("refuses a folder that %s, and leaves it as it was", async (_, code, prepare) => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const place = temporaryFolder();
    const folder = join(place, "out");
    mkdirSync(folder);
    prepare(folder);
    const before = contentsOf(place);
    const asked: string[] = [];
    await expect(build(checkout, ["--out", folder], { answerFor: blogs(asked) })).rejects.toMatchObject({ code });
    expect(contentsOf(place)).toEqual(before);
    expect(asked).toEqual([]);
  });

  test("refuses the folder that is published", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    for (const out of ["site", "site/www"]) {
      await expect(build(checkout, ["--out", join(checkout, out)])).rejects.toMatchObject({ code: "OUT_IN_SITE" });
    }
    expect(contentsOf(checkout)).toEqual({ "/site/planet.ini": INI });
  });

  test("a place where nothing can be made is named", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    writeFileSync(join(checkout, "other"), "a file");
    for (const out of [join(checkout, "other/www"), "/proc/nowhere/www"]) {
      await expect(build(checkout, ["--out", out])).rejects.toMatchObject({ code: "OUT_UNWRITABLE" });
    }
  });

  test.each([
    ["planet.ini", { "planet.ini": "[Planet]\n\n[http://blog.example/rss\n" }, "site/planet.ini:3: error: "],
    [
      "a template",
      { "planet.ini": INI, "index.html.liquid": "<p>\n\n{% nosuch %}" },
      "site/index.html.liquid:3: error: ",
    ],
  ])("a mistake in %s is named with file and line, and the site before stays", async (_, site, line) => {
    const checkout = checkoutWith({ "planet.ini": INI });
    await build(checkout);
    const before = contentsOf(join(checkout, ".planet/site"));
    for (const [name, text] of Object.entries(site)) writeSite(checkout, name, text);
    await expect(build(checkout)).rejects.toMatchObject({ code: "SITE_BROKEN", why: expect.stringContaining(line) });
    expect(contentsOf(join(checkout, ".planet/site"))).toEqual(before);
    expect(readdirSync(join(checkout, ".planet")).toSorted()).toEqual(["site", "site-cache"]);
  });

  test("a folder that is missing is said so, and a link in it is a mistake of its file", async () => {
    await expect(build(temporaryFolder())).rejects.toMatchObject({ code: "NO_SITE_FOLDER" });
    const checkout = checkoutWith({ "planet.ini": INI });
    symlinkSync("planet.ini", join(checkout, "site/link.ini"));
    await expect(build(checkout)).rejects.toMatchObject({ code: "SITE_BROKEN" });
  });

  test("counts feeds for somebody who watches, and is quiet in a log", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const watched = await build(checkout, [], { isWatched: true });
    expect(watched.err).toBe("\r• 0 of 1 feeds read\r• 1 of 1 feeds read\n");
    rmSync(join(checkout, ".planet"), { recursive: true });
    expect((await build(checkout)).err).toBe("");
  });

  test("Ctrl-C leaves nothing half-written", async () => {
    const checkout = checkoutWith({ "planet.ini": INI });
    const left: number[] = [];
    const stop = Promise.withResolvers<void>();
    const answerFor = () => {
      stop.resolve();
      return undefined;
    };
    const leave = (code: number) => {
      left.push(code);
      expect(readdirSync(join(checkout, ".planet")).filter((name) => name.endsWith(".partial"))).toEqual([]);
    };
    await build(checkout, ["--allow-hosts", "blog.example"], { answerFor, stopped: () => stop.promise, leave }).catch(
      () => {},
    );
    expect(left).toEqual([130]);
  });
});
