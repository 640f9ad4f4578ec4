import type { SiteFile, SiteProblem } from "@planet/content";
import { htmlOfMarkdown, isText } from "../render/texts.ts";

/** Pages that a trial does not make: they are made of feeds. */
const MADE_LATER = /^(?:archive|category|feed)\/|^(?:feeds\.html|feeds-status\.xml|status\.json)$/;
const ADDRESS = / (?:href|src)="([^"]*)"/g;
/** Where a planet may be; only what is below it can be looked for. */
const PLANET = "http://planet.invalid/planet/";

/** Links of the editors' texts to files that the planet does not have. `built`: names of the site, without the pages of feeds. */
export function textProblems(files: readonly SiteFile[], built: readonly string[]): SiteProblem[] {
  const texts = files.filter(({ name }) => isText(name));
  const pages = texts.map(({ name }) => pageOf(name));
  const there = new Set([...built, ...pages]);
  return texts.flatMap(({ name, bytes }) => {
    const markdown = Buffer.from(bytes).toString("utf8");
    const dead = [
      ...new Set([...htmlOfMarkdown(markdown).matchAll(ADDRESS)].map(([, address = ""]) => address)),
    ].filter((address) => isDead(address.replaceAll("&amp;", "&"), pageOf(name), there));
    return dead.map((address): SiteProblem => {
      const line = lineOf(markdown, address);
      return { file: name, line, level: "warning", text: `"${address}" leads to no file of the planet` };
    });
  });
}

const pageOf = (text: string): string => text.replace(/\.md$/, ".html");

/** Whether an address of a page leads to no file below the planet. */
export function isDead(address: string, page: string, there: ReadonlySet<string>): boolean {
  if (!URL.canParse(address, PLANET + page)) return false;
  const { href, pathname } = new URL(address, PLANET + page);
  if (new URL(href).origin !== new URL(PLANET).origin) return false;
  const start = new URL(PLANET).pathname;
  if (!pathname.startsWith(start)) return true;
  // Names of files have no characters that an address escapes.
  const name = pathname.slice(start.length).replace(/(^|\/)$/, "$1index.html");
  return !there.has(name) && !MADE_LATER.test(name);
}

/** 0: written in another way, with a reference or below a heading of links. */
function lineOf(markdown: string, address: string): number {
  const written = address.replace(/\.html(?=$|[?#])/, "");
  return markdown.split("\n").findIndex((line) => line.includes(written)) + 1;
}
