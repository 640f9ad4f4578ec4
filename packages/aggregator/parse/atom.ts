import type { AtomFeed } from "feedsmith";
import { base64Type, htmlOfBase64 } from "./base64.ts";
import { parseDate } from "./dates.ts";
import { firstOf, firstText, httpUrl, innerBase, languageTag, type Surroundings, text, waitMs } from "./fields.ts";
import { type Attachment, attached, mediaOf } from "./media.ts";
import { authorsOf, categories, keywords, rightsText } from "./names.ts";
import type { ParsedEntry, ParsedFeed, TextConstruct } from "./types.ts";
import { htmlOfXhtml } from "./xhtml.ts";

type Feed = AtomFeed.Feed<string>;
type Entry = NonNullable<Feed["entries"]>[number];
type Links = Entry["links"];

/** Atom 1.0 and 0.3. The latter's `issued`, `modified` and `tagline` are already mapped by the parser. */
export function adaptAtom(feed: Feed, around: Surroundings): ParsedFeed {
  const base = innerBase(around.url, feed.xml?.base);
  return {
    format: "atom",
    id: firstOf(feed.id),
    title: construct(feed.title, base),
    subtitle: construct(feed.subtitle, base),
    link: alternate(feed.links, base),
    selfLink: linkOf(feed.links, "self", base),
    author: authorsOf(feed.authors?.map(({ name }) => name)).author,
    language: languageTag(feed.xml?.lang),
    rights: rightsText(feed.rights?.value),
    icon: httpUrl(firstOf(feed.icon, feed.logo), base),
    updated: parseDate(feed.updated, around.now),
    waitMs: waitMs(undefined, feed.sy),
    entries: (feed.entries ?? []).map((entry) => adaptEntry(entry, feed, base, around)),
    repaired: false,
  };
}

function adaptEntry(entry: Entry, feed: Feed, feedBase: string, { now }: Surroundings): ParsedEntry {
  const base = innerBase(feedBase, entry.xml?.base);
  const media = mediaOf(entry.media, base);
  const files = attached([...enclosuresOf(entry.links), ...media.files], media.thumbnail, base);
  const summary = construct(entry.summary, base);
  const content = construct(entry.content, base);
  const authors = [entry.authors, entry.source?.authors, feed.authors].find((list) => list?.some(({ name }) => name));
  return {
    id: firstOf(entry.id),
    link:
      linkOf(entry.links, "x-original", base) ??
      alternate(entry.links, base) ??
      httpUrl(entry.content?.src, base) ??
      permanentId(entry.id, base),
    title: firstText(construct(entry.title, base), media.title, text("html", entry.dc?.titles?.[0], base)),
    content: firstText(content, media.description, summary),
    summary: content === undefined ? undefined : summary,
    ...authorsOf(
      authors?.map(({ name }) => name),
      entry.dc?.creators,
      [entry.itunes?.author],
    ),
    authorUri: httpUrl(authors?.[0]?.uri, base),
    published: parseDate(entry.published ?? entry.dcterms?.issued?.[0] ?? entry.dc?.dates?.[0], now),
    updated: parseDate(entry.updated, now),
    categories: categories([
      ...(entry.categories ?? []).map(({ label, term }) => label ?? term),
      ...(entry.dc?.subjects ?? []),
      ...keywords(entry.itunes?.keywords),
    ]),
    ...files,
    image: media.thumbnail ?? files.pictures[0]?.url,
    comments: forPeople(entry.links, "replies", base),
    language: languageTag(
      entry.content?.xml?.lang,
      entry.summary?.xml?.lang,
      entry.xml?.lang,
      feed.xml?.lang,
      entry.title?.xml?.lang,
    ),
    rights: rightsText(entry.rights?.value),
    sourceTitle: firstOf(entry.source?.title?.value),
    sourceLink: alternate(entry.source?.links, base),
  };
}

type AtomText = { value?: string; type?: string; xml?: { base?: string } };

/** `type` is html and xhtml in 1.0, a media type in 0.3; absent is plain text. Other media types are in base64. */
function construct(value: AtomText | undefined, base: string): TextConstruct | undefined {
  const type = value?.type?.trim().toLowerCase() ?? "text";
  const inner = innerBase(base, value?.xml?.base);
  const encoded = base64Type(type);
  if (encoded !== undefined) return text("html", htmlOfBase64(value?.value ?? "", encoded), inner);
  if (type === "xhtml" || type === "application/xhtml+xml") return text("html", htmlOfXhtml(value?.value ?? ""), inner);
  return text(type === "text" || type === "text/plain" ? "text" : "html", value?.value, inner);
}

const alternate = (links: Links, base: string) => forPeople(links, "alternate", base);

const enclosuresOf = (links: Links): Attachment[] =>
  (links ?? [])
    .filter(({ rel }) => rel === "enclosure")
    .map(({ href, type, length, title }) => ({ url: href, type, length, alt: title }));

/** Of several links with one meaning the HTML one is the page for people. */
function forPeople(links: Links, meaning: string, base: string): string | undefined {
  const candidates = (links ?? []).filter(({ rel }) => (rel?.trim().toLowerCase() || "alternate") === meaning);
  const html = candidates.find(({ type }) => type?.startsWith("text/html") === true);
  return httpUrl((html ?? candidates[0])?.href, base);
}

function linkOf(links: Links, rel: string, base: string): string | undefined {
  return httpUrl((links ?? []).find((link) => link.rel === rel)?.href, base);
}

/** Without any link, an id that is a web address is the best guess. */
function permanentId(id: string | undefined, base: string): string | undefined {
  return /^https?:/i.test(id ?? "") ? httpUrl(id, base) : undefined;
}
