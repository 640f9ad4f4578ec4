import { classicScope } from "./classic/classicScope.ts";
import { renderHtmlTemplate } from "./classic/htmlTemplate.ts";
import { atomFeed, type FeedFacts, foafRoll, opmlList, rss10Feed, rss20Feed } from "./feeds.ts";
import { renderLiquid, TemplateError } from "./liquid.ts";
import { themeFile } from "./theme/files.ts";

const LIQUID = ".liquid";
const CLASSIC = ".tmpl";
const BUILT_IN_PAGES = ["index.html.liquid", "titles_only.html.liquid"] as const;
/** Content files that are for the engine, not for readers. */
const NOT_PUBLISHED = /(?:^|\/)(?:planet\.ini|manifest\.json|status\.json)$|\.(?:liquid|tmpl|ini)$/;
const ROBOTS = "User-agent: *\nAllow: /\n";

/**
 * All files of the site by name. File by file, what the content brings wins over what is built in.
 * @throws {TemplateError} when a template of the content cannot be used.
 */
export function siteFiles(facts: FeedFacts, content: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array) =>
    files.set(name, typeof content === "string" ? Buffer.from(content, "utf8") : content);

  for (const name of ["base.css", "planet.css", "favicon.ico"] as const) put(name, themeFile(name));
  put("robots.txt", ROBOTS);
  put("atom.xml", atomFeed(facts));
  put("rss20.xml", rss20Feed(facts));
  put("rss10.xml", rss10Feed(facts));
  put("opml.xml", opmlList(facts.page));
  put("foafroll.xml", foafRoll(facts.page));
  for (const [name, bytes] of content) if (!NOT_PUBLISHED.test(name)) put(name, bytes);
  const templates = templatesOf(content);
  for (const name of Object.keys(templates)) {
    if (isPage(name)) put(name.slice(0, -LIQUID.length), renderLiquid(name, templates, facts.page));
  }
  for (const [name, bytes] of content) {
    // A Liquid template of the same page is the newer word.
    if (!name.endsWith(CLASSIC) || content.has(name.replace(/\.tmpl$/, LIQUID))) continue;
    put(name.slice(0, -CLASSIC.length), renderClassic(name, bytes, facts));
  }
  return files;
}

function renderClassic(name: string, bytes: Uint8Array, { page, ownerEmail }: FeedFacts): string {
  try {
    return renderHtmlTemplate(Buffer.from(bytes).toString("utf8"), classicScope(page, ownerEmail));
  } catch (cause) {
    throw new TemplateError(name, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function templatesOf(content: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const builtIn = BUILT_IN_PAGES.map((name) => [name, themeFile(name)] as const);
  const own = [...content].filter(([name]) => name.endsWith(LIQUID));
  return Object.fromEntries([...builtIn, ...own].map(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")]));
}

/** `index.html.liquid` is a page; `sidebar.liquid` is a piece that pages include. */
function isPage(name: string): boolean {
  return /\.[a-z0-9]+\.liquid$/.test(name);
}
