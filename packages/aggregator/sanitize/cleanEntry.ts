import { isOnSite } from "../entry/addresses.ts";
import type { ParsedEntry, TextConstruct } from "../parse/types.ts";
import type { CleanHtml } from "../text/cleanHtml.ts";
import { withPictures } from "./pictures.ts";
import { sanitizeHtml } from "./sanitizeHtml.ts";
import { paragraphs, plainTextOf, textOf, textOfHtml } from "./text.ts";
import { type CleanTitle, cleanTitle } from "./titles.ts";
import type { Bases } from "./urls.ts";

/** An entry's texts as they may be published. */
export interface CleanEntry extends CleanTitle {
  /** Allowed HTML with absolute addresses. */
  readonly contentHtml: CleanHtml;
  readonly summaryText: string;
}

/** An entry to clean, and what its relative addresses mean. */
export interface DirtyEntry {
  readonly parsed: ParsedEntry;
  readonly feedLink?: string | undefined;
  readonly sourceUrl: string;
  /** planet.ini's `xml_base`: `feed_alternate`, `entry_alternate` or a URL. */
  readonly xmlBase?: string | undefined;
  /** Characters of text to show instead of the whole; 0: all. */
  readonly excerpt: number;
}

const SUMMARY_LENGTH = 400;

/** Sanitises one entry. */
export function cleanEntry(dirty: DirtyEntry): CleanEntry {
  const { parsed } = dirty;
  const content = dirty.excerpt > 0 ? excerptOf(parsed.content, dirty.excerpt) : htmlOf(parsed.content, dirty);
  const summaryText = shorten(textOf(parsed.summary) || textOfHtml(content.slice(0, 8_000)), SUMMARY_LENGTH);
  const text = content || paragraphs(summaryText);
  return {
    contentHtml: dirty.excerpt > 0 ? text : withPictures(text, parsed.pictures ?? []),
    summaryText,
    ...cleanTitle(parsed.title),
  };
}

function htmlOf(construct: TextConstruct | undefined, dirty: DirtyEntry): CleanHtml {
  const plain = construct === undefined ? "" : plainTextOf(construct);
  if (construct === undefined || plain !== undefined) return paragraphs(plain ?? "");
  return sanitizeHtml(construct.value, basesOf(construct, dirty));
}

/**
 * The innermost xml:base is already resolved into the construct; where a feed has none, that is the feed's own address,
 * and the entry's page is the better guess: people write links as seen from there.
 */
function basesOf(construct: TextConstruct, { parsed, feedLink, sourceUrl, xmlBase }: DirtyEntry): Bases {
  const page = ownPage(parsed, feedLink) ?? feedLink;
  const guess = page ?? sourceUrl;
  const explicit = construct.base !== undefined && construct.base !== sourceUrl ? construct.base : undefined;
  switch (xmlBase) {
    case undefined:
      return { base: explicit ?? guess, page };
    case "feed_alternate":
      return { base: feedLink ?? guess, page };
    case "entry_alternate":
      return { base: guess, page };
    default:
      return { base: URL.canParse(xmlBase) ? xmlBase : guess, page };
  }
}

/** The entry's page in its own blog. The link of a link blog's entry leads elsewhere; then the id may be that page. */
function ownPage({ id = "", link }: ParsedEntry, feedLink: string | undefined): string | undefined {
  if (link === undefined || feedLink === undefined) return link;
  if (isOnSite(link, feedLink) || isOnSite(link, id)) return link;
  return isOnSite(id, feedLink) ? id : undefined;
}

function excerptOf(construct: TextConstruct | undefined, length: number): CleanHtml {
  return paragraphs(shorten(textOf(construct), length));
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const piece = text.slice(0, length);
  const end = piece.lastIndexOf(" ");
  return `${(end > length / 2 ? piece.slice(0, end) : piece).replace(/[\s,;:.\ud800-\udbff]+$/, "")}…`;
}
