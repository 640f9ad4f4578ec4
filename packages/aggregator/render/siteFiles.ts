import { XMLValidator } from "fast-xml-parser";
import { classicScope } from "./classic/classicScope.ts";
import { renderHtmlTemplate } from "./classic/htmlTemplate.ts";
import { atomFeed, type FeedFacts, foafRoll, opmlList, rss10Feed, rss20Feed } from "./feeds.ts";
import { renderLiquid, TemplateError } from "./liquid.ts";
import { CLASSIC, isTemplate, LIQUID } from "./templateNames.ts";
import { themeFile } from "./theme/files.ts";
import { themeTemplates } from "./theme/templates.ts";
import { webManifest } from "./webManifest.ts";

/** Content files that are for the engine, not for readers. */
const NOT_PUBLISHED = /(?:^|\/)(?:planet\.ini|manifest\.json|status\.json)$|\.(?:liquid|md|tmpl|ini)$/;
const ROBOTS = "User-agent: *\nAllow: /\n";

/** A page to render: everything that a template sees, as data that crosses a thread. */
export interface PageRequest {
  /** File of the template. */
  readonly template: string;
  /** All templates by name: they include one another. */
  readonly templates: Readonly<Record<string, string>>;
  readonly facts: FeedFacts;
}

/** Renders where a template that never ends does no harm. */
export type RenderPage = (request: PageRequest) => Promise<string>;

/**
 * All files of the website by name. File by file, what the content brings wins over what is built in.
 * @throws {TemplateError} when a template of the content cannot be used.
 */
export async function siteFiles(
  facts: FeedFacts,
  content: ReadonlyMap<string, Uint8Array>,
  render: RenderPage,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const put = (name: string, content: string | Uint8Array) =>
    files.set(name, typeof content === "string" ? Buffer.from(content, "utf8") : content);

  for (const name of ["base.css", "planet.css", "favicon.ico", "icon.png"] as const) put(name, themeFile(name));
  put("robots.txt", ROBOTS);
  put("atom.xml", atomFeed(facts));
  put("rss20.xml", rss20Feed(facts));
  put("rss10.xml", rss10Feed(facts));
  put("opml.xml", opmlList(facts.page));
  put("foafroll.xml", foafRoll(facts.page));
  put("site.webmanifest", webManifest(facts.page));
  for (const [name, bytes] of content) if (!NOT_PUBLISHED.test(name)) put(name, bytes);
  const templates = templatesOf(content);
  for (const template of Object.keys(templates)) {
    if (!isPage(template, content)) continue;
    put(template.replace(/\.(?:liquid|tmpl)$/, ""), await render({ template, templates, facts }));
  }
  return files;
}

/**
 * One page from its template. Runs in the reader thread: templates are foreign, and neither parser ends by itself.
 * @throws {TemplateError}
 */
export function renderPage(request: PageRequest): string {
  const page = rendered(request);
  if (/\.xml\.(?:liquid|tmpl)$/.test(request.template)) refuseMalformed(request.template, page);
  return page;
}

/** No reader shows anything of a feed that is not well-formed. */
function refuseMalformed(template: string, page: string): void {
  const verdict = XMLValidator.validate(page.trim());
  if (verdict === true) return;
  const { msg, line } = verdict.err;
  const place = `, file:${template.replace(/\.(?:liquid|tmpl)$/, "")}, line:${line}, col:1`;
  throw new TemplateError(template, `what comes out of ${template} is not well-formed XML: ${msg}${place}`);
}

function rendered({ template, templates, facts }: PageRequest): string {
  if (template.endsWith(LIQUID)) return renderLiquid(template, templates, facts.page);
  try {
    const scope = classicScope(facts.page, facts.ownerEmail, template.replace(/\.tmpl$/, ""));
    return renderHtmlTemplate(template, templates, scope);
  } catch (cause) {
    throw new TemplateError(template, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function templatesOf(content: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  const own = [...content].filter(([name]) => isTemplate(name));
  const texts = own.map(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")] as const);
  return { ...themeTemplates(), ...Object.fromEntries(texts) };
}

/**
 * `index.html.liquid` and `index.html.tmpl` are pages; `sidebar.liquid` and `sidebar.tmpl` are pieces that pages include. If the
 * content has both for one page, the Liquid one is the newer word.
 */
function isPage(name: string, content: ReadonlyMap<string, Uint8Array>): boolean {
  if (name.endsWith(CLASSIC)) return /\.[a-z0-9]+\.tmpl$/.test(name) && !content.has(name.replace(/\.tmpl$/, LIQUID));
  return /\.[a-z0-9]+\.liquid$/.test(name) && (content.has(name) || !content.has(classicOf(name)));
}

const classicOf = (name: string): string => name.replace(/\.liquid$/, CLASSIC);
