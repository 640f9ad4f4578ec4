import sanitize from "sanitize-html";
import { escapeXml, xmlCharacters } from "../text/xml.ts";
import { type Attributes, isBeacon, safeAttributes } from "./attributes.ts";
import {
  ALLOWED_ATTRIBUTES,
  ALLOWED_TAGS,
  MAX_DEPTH,
  MAX_INPUT_LENGTH,
  MAX_OUTPUT_LENGTH,
  REMOVED_WITH_CONTENT,
} from "./policy.ts";
import { paragraphs, textOfHtml } from "./text.ts";
import { type Bases, safeLink } from "./urls.ts";

/** The page gives entries `h3`: nothing inside one may outrank it. */
const HIGHEST_HEADING = 4;
/** Markup that is still moving after so many passes is shown as plain text. */
const MAX_ROUNDS = 8;

/**
 * Foreign HTML → HTML that can only show itself: allowed elements, absolute http(s) addresses, no handlers, no styles.
 * Its result is a fixed point, balanced, and well-formed as XML.
 */
export function sanitizeHtml(html: string, bases: Bases): string {
  const input = xmlCharacters(html.slice(0, MAX_INPUT_LENGTH));
  const clean = settled(input, bases);
  if (clean.length <= MAX_OUTPUT_LENGTH) return clean;
  // Another pass over a piece closes what the cut left open.
  return settled(cutAtBlock(clean), bases) + continueLink(bases.page);
}

/**
 * Passes until nothing changes. Taking out an element can bring two others together that may not be nested, `td` in `td`,
 * and readers of our own feed would then read another tree than we wrote. One further pass is the rule.
 */
function settled(html: string, bases: Bases): string {
  let clean = pass(html, bases);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = pass(clean, bases);
    if (next === clean) return clean;
    clean = next;
  }
  return paragraphs(textOfHtml(clean));
}

/** What one pass knows of the whole while it looks at one tag. */
interface Pass {
  readonly bases: Bases;
  /** Levels that every heading moves down. */
  readonly shift: number;
  /** Attributes of the elements that go, with what they hold. */
  readonly dropped: WeakSet<object>;
}

function pass(html: string, bases: Bases): string {
  const current: Pass = { bases, shift: headingShift(html), dropped: new WeakSet() };
  const clean = sanitize(linksForFrames(html, bases), {
    allowedTags: ALLOWED_TAGS,
    allowedAttributes: { ...ALLOWED_ATTRIBUTES },
    allowedSchemes: ["http", "https", "mailto", "tel", "data"],
    allowProtocolRelative: false,
    nonTextTags: REMOVED_WITH_CONTENT,
    nestingLimit: MAX_DEPTH,
    parseStyleAttributes: false,
    transformTags: { "*": (tag, given) => transform(tag, given, current) },
    exclusiveFilter: (frame) => current.dropped.has(frame.attribs),
  });
  // A character reference may stand for one that XML cannot have.
  return xmlCharacters(clean).trim();
}

/** A tag may only become another *allowed* tag here: the sanitiser forgets to undo the renaming of any other. */
function transform(tag: string, given: Attributes, { bases, shift, dropped }: Pass): sanitize.Tag {
  const attribs = safeAttributes(tag, given, bases);
  const pointless = tag === "img" && (attribs.src === undefined || isBeacon(given, attribs.src));
  if (pointless) dropped.add(attribs);
  if (given.hidden !== undefined && !REMOVED_WITH_CONTENT.includes(tag)) {
    dropped.add(attribs);
    return { tagName: ALLOWED_TAGS.includes(tag) ? tag : "span", attribs };
  }
  const level = /^h([1-6])$/.exec(tag)?.[1];
  return { tagName: level === undefined ? tag : `h${Math.min(6, Number(level) + shift)}`, attribs };
}

/**
 * The reader decides whether to visit what a feed wanted to embed: a frame becomes a link. What this makes is sanitised
 * afterwards like everything else, so it cannot let anything in.
 */
function linksForFrames(html: string, bases: Bases): string {
  return html.replace(/<iframe\b([^>]{0,4000})>(?:[\s\S]*?<\/iframe\s*>)?/gi, (_whole, attributes: string) => {
    const match = /(?:^|\s)src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes);
    const source = (match?.[1] ?? match?.[2] ?? match?.[3] ?? "").replace(/&amp;/g, "&");
    const href = safeLink(source, bases);
    if (href === undefined || !href.startsWith("https:")) return "";
    return `<a href="${escapeXml(href)}">Embedded: ${escapeXml(new URL(href).hostname)}</a>`;
  });
}

/** All headings move by the same amount, so their order among each other stays, and a second pass moves nothing. */
function headingShift(html: string): number {
  const levels = [...html.matchAll(/<h([1-6])\b/gi)].map((match) => Number(match[1]));
  return levels.length === 0 ? 0 : Math.max(0, HIGHEST_HEADING - Math.min(...levels));
}

function cutAtBlock(html: string): string {
  const piece = html.slice(0, MAX_OUTPUT_LENGTH - 4096);
  const blocks = [...piece.matchAll(/<\/(?:p|div|li|ul|ol|pre|blockquote|table|figure|h[1-6]|dl|tr)>/g)];
  const last = blocks.length === 0 ? undefined : blocks[blocks.length - 1];
  if (last?.index !== undefined && last.index > 0) return piece.slice(0, last.index + last[0].length);
  return piece.slice(0, Math.max(piece.lastIndexOf(" "), piece.lastIndexOf(">") + 1));
}

function continueLink(page: string | undefined): string {
  if (page === undefined) return "<p>…</p>";
  return `<p><a href="${escapeXml(page)}" rel="nofollow ugc noopener">Continue reading</a></p>`;
}
