import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { buildSample, configOf, NOON, temporaryFolder } from "../build/testing/sampleSite.ts";
import { feedsPage } from "./feedsPage.ts";
import { readSettings } from "./settings.ts";
import { statusOf } from "./status.ts";
import { statusStyle } from "./statusStyle.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const PAGES = ["index.html", "titles_only.html", "feeds.html"];
const LOCALES = ["en", "ar"];
const FEEDS = ["lighthouse.xml", "bakery.xml", "microposts.xml", "nuun.xml", "oldtimer.xml", "absent.xml"];
const iniOf = (locale: string) =>
  `[Planet]\nname = "P" & <Q>\nlink = http://p.test/\nowner_name = O & P\nlocale = ${locale}\n${FEEDS.map(
    (name) => `[http://feeds.test/${name}]\nname = ${name} & <b>\n`,
  ).join("")}`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const pages = new Map<string, string>();
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const locale of LOCALES) {
    const [ini, outDirectory] = [iniOf(locale), join(folder.path, locale)];
    const report = await buildSample(folder.path, { config: configOf(ini), outDirectory });
    for (const name of PAGES.slice(0, 2)) {
      pages.set(`${locale}/${name}`, await readFile(join(outDirectory, name), "utf8"));
    }
    pages.set(`${locale}/feeds.html`, feedsOf(ini, report));
  }
});
afterAll(() => folder.clean());

/** feeds.html of a server on which everything has something to say. */
function feedsOf(ini: string, report: Awaited<ReturnType<typeof buildSample>>): string {
  const bytes = new Map([["planet.ini", Buffer.from(ini)]]);
  const feeds = report.feeds.map((feed, index) => {
    const failing = { state: "failing", reason: "dns: <x> & y", failingSince: "2026-05-01T12:00:00Z" } as const;
    return index < 2 ? { ...feed, ...failing, needsAttention: index === 0 } : feed;
  });
  const content = { id: "a", digest: "b", appliedAt: "t", files: new Map(), bytes, source: "edit" } as const;
  const live = { manifestSha: "c", liveSha: "d", since: "t", applied: true };
  const status = statusOf({
    settings: readSettings({
      PLANET_BUCKET_URL: "http://10.0.0.1/p/",
      PLANET_STACK: "s",
      PLANET_RELEASE: "0a1b2c3d",
      PLANET_INTERVAL: "10",
    }),
    content: { ...content, drift: [{ name: "a & b", ...live }], waiting: [], notices: [] },
    rejected: { "planet.css": { sha256: "e", at: "t", code: "c", message: "<m> & n", digest: "d" } },
    degraded: [{ name: "", code: "c", message: "<i>" }],
    report: { ...report, feeds },
    memory: { state: "degraded", since: "t", message: "<b>: http 503", feeds: 1, months: 1, forgotten: "" },
    nodeVersion: "v20",
    now: NOON,
  });
  return feedsPage(status, statusStyle(bytes));
}

const cases = LOCALES.flatMap((locale) => PAGES.map((name) => `${locale}/${name}`));
const page = (name: string) => pages.get(name) ?? "";

function elementsOf(name: string): Element[] {
  const visit = (node: Node): Element[] => [
    ...("tagName" in node ? [node] : []),
    ...("childNodes" in node ? node.childNodes.flatMap(visit) : []),
  ];
  return visit(parse(page(name)));
}

const attribute = (element: Element, name: string) => element.attrs.find((each) => each.name === name)?.value;

function textOf(node: Node): string {
  if ("value" in node) return node.value;
  if (!("childNodes" in node)) return "";
  const own = "tagName" in node ? (attribute(node, "aria-label") ?? "") : "";
  return own + node.childNodes.map(textOf).join("");
}

describe("the markup of our pages (proves what a parser sees; not what people see)", () => {
  test.each(cases)("%s has no error of HTML's parser", (name) => {
    const errors: string[] = [];
    parse(page(name), { onParseError: ({ code, startLine }) => errors.push(`${startLine}: ${code}`) });
    expect(errors).toEqual([]);
  });

  test.each(cases)("%s has one h1, no level left out, no id twice, and links with names", (name) => {
    const elements = elementsOf(name);
    const levels = elements.flatMap(({ tagName }) => (/^h[1-6]$/.test(tagName) ? [Number(tagName[1])] : []));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    const ids = elements.flatMap((element) => attribute(element, "id") ?? []);
    expect(ids.length).toBe(new Set(ids).size);
    const silent = elements.filter((element) => element.tagName === "a" && textOf(element).trim() === "");
    expect(silent).toEqual([]);
  });

  test.each(cases)("%s says its language and direction, and loads nothing but its own styles", (name) => {
    const elements = elementsOf(name);
    const [html] = elements.filter(({ tagName }) => tagName === "html").map(({ attrs }) => attrs);
    const locale = name.split("/")[0];
    expect(html).toEqual([
      { name: "lang", value: locale },
      { name: "dir", value: locale === "ar" ? "rtl" : "ltr" },
    ]);
    expect(elements.filter(({ tagName }) => /^(?:script|style|iframe|form|object)$/.test(tagName))).toEqual([]);
    expect(elements.flatMap(({ attrs }) => attrs).filter(({ name: key }) => /^on|^style$/.test(key))).toEqual([]);
  });
});
