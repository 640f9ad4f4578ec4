import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { NOON, temporaryFolder } from "../build/testing/sampleSite.ts";
import type { Answer } from "../fetch/request.ts";
import { rssOf } from "../fetch/testing/feedServer.ts";
import { buildLocally, type LocalSiteRequest } from "./buildLocally.ts";

const INI = "[Planet]\nname = Harbour\nlink = http://planet.test/\n\n[http://blog.test/rss]\nname = Blog\n";
const MINUTE_MS = 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.clean());

const bytesOf = (site: Readonly<Record<string, string>>) =>
  Object.entries(site).map(([name, text]) => ({ name, bytes: Buffer.from(text) }));

/** A feed with a tag, which does not send what the reader has. */
function blog(asked: string[]) {
  return (url: URL, headers: Readonly<Record<string, string>>): Answer => {
    asked.push(`${url.href} ${headers["If-None-Match"] ?? "-"}`);
    const isKnown = headers["If-None-Match"] === '"1"';
    const body = Buffer.from(isKnown ? "" : rssOf("Fog"));
    return { status: isKnown ? 304 : 200, headers: { etag: '"1"' }, body, wireBytes: body.length };
  };
}

async function build(name: string, site: Readonly<Record<string, string>>, request: Partial<LocalSiteRequest> = {}) {
  const outDirectory = join(folder.path, name);
  await mkdir(outDirectory);
  const built = await buildLocally({
    site: bytesOf(site),
    cacheDirectory: join(folder.path, "cache"),
    outDirectory,
    allowHosts: [],
    fetchFeeds: true,
    answerFor: blog([]),
    now: NOON,
    log: () => undefined,
    ...request,
  });
  return { ...built, outDirectory };
}

async function contentsOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (f) => [f.slice(directory.length), await readFile(f, "latin1")])),
  );
}

describe("a site on an editor's machine", () => {
  test("has the page, the feeds and feeds.html, and nothing that speaks of a server", async () => {
    const { report, outDirectory } = await build("out", { "planet.ini": INI });
    expect(report).toMatchObject({ entries: 1, feeds: [{ name: "Blog", state: "ok" }] });
    expect(await readdir(outDirectory)).toEqual(expect.arrayContaining(["index.html", "atom.xml", "feeds.html"]));
    expect(await readdir(outDirectory)).not.toContain("status.json");
    expect(await readFile(join(outDirectory, "feeds.html"), "utf8")).toContain("Blog");
  });

  test("a page of white space is empty, and an error", async () => {
    const template = "{%- for item in nothing %}{{ item }}{% endfor %}\n \n";
    const { problems, report } = await build("out", { "planet.ini": INI, "index.html.liquid": template });
    expect(problems).toEqual([expect.objectContaining({ file: "index.html", level: "error" })]);
    expect(report).toBeUndefined();
  });

  test("a feed is asked again after a quarter of an hour, with what it gave us to compare", async () => {
    const asked: string[] = [];
    const later = (minutes: number) => ({
      answerFor: blog(asked),
      now: new Date(NOON.getTime() + minutes * MINUTE_MS),
    });
    await build("one", { "planet.ini": INI }, later(0));
    await build("two", { "planet.ini": INI }, later(14));
    expect(asked).toEqual(["http://blog.test/rss -"]);
    const { report } = await build("three", { "planet.ini": INI }, later(16));
    expect(asked[1]).toBe('http://blog.test/rss "1"');
    expect(report).toMatchObject({ entries: 1, feeds: [{ state: "unchanged" }] });
  });

  test("equal files and feeds give equal bytes, whatever the time", async () => {
    const { outDirectory: one } = await build("one", { "planet.ini": INI });
    const { outDirectory: two } = await build("two", { "planet.ini": INI }, { now: new Date(NOON.getTime() + 1_000) });
    expect(await contentsOf(two)).toEqual(await contentsOf(one));
  });

  test("what this machine does not answer itself is asked under the server's rules", async () => {
    const { report } = await build(
      "out",
      { "planet.ini": INI.replace("blog.test", "127.0.0.1") },
      { answerFor: () => undefined },
    );
    expect(report?.feeds).toMatchObject([{ state: "failing", reason: expect.stringMatching(/^blocked-address: /) }]);
  });

  test("says how many of the feeds are done", async () => {
    const done: string[] = [];
    const onFeedDone = (count: number, due: number) => void done.push(`${count}/${due}`);
    await build("out", { "planet.ini": `${INI}\n[http://two.test/]\nname = Two\n` }, { onFeedDone });
    expect(done).toEqual(["0/2", "1/2", "2/2"]);
  });

  test.each([
    ["planet.ini", { "planet.ini": `${INI}[http://blog.test/rss`, "index.html.liquid": "x" }, 7],
    ["index.html.liquid", { "planet.ini": INI, "index.html.liquid": "<p>\n{% if %}" }, 2],
    [
      "part.liquid",
      { "planet.ini": INI, "index.html.liquid": "{% include 'part.liquid' %}", "part.liquid": "\n{{ a | nosuch }}" },
      2,
    ],
    ["index.html", { "planet.ini": INI, "index.html.liquid": "{% comment %}{% endcomment %}" }, 0],
    ["-index.html.liquid", { "planet.ini": INI, "-index.html.liquid": "x" }, 0],
  ])("a mistake in %s is a problem with its place, and no site", async (file, site, line) => {
    const { problems, report } = await build("out", site as unknown as Record<string, string>);
    expect(problems).toContainEqual(expect.objectContaining({ file, line, level: "error" }));
    expect(report).toBeUndefined();
  });
});
