import sanitize from "sanitize-html";
import type { TextConstruct } from "../parse/types.ts";
import { escapeXml, xmlCharacters } from "../text/xml.ts";
import { ALLOWED_TAGS, INLINE_TITLE_TAGS, REMOVED_WITH_CONTENT } from "./policy.ts";

/** They reverse the order of the letters around them, even outside their own text. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const KNOWN_TAG = new RegExp(
  `</?(?:${[...ALLOWED_TAGS, ...REMOVED_WITH_CONTENT, "font", "tt", "nobr", "center"].join("|")})(?=[\\s/>])`,
  "i",
);
const REFERENCE = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/i;
const BLOCK = /<(?=\/?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|pre|dd|dt|figure|figcaption|hr)\b)/gi;
const MAX_TITLE_LENGTH = 500;

/** The words of a piece of HTML, without markup and without what was never meant to be read. */
export function textOfHtml(html: string): string {
  const bare = sanitize(xmlCharacters(html).replace(BLOCK, " <"), {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: REMOVED_WITH_CONTENT,
    parseStyleAttributes: false,
  });
  return collapse(unescapeText(bare));
}

/** The words of a text construct. */
export function textOf(construct: TextConstruct | undefined): string {
  if (construct === undefined) return "";
  return isMarkup(construct) ? textOfHtml(construct.value) : collapse(xmlCharacters(construct.value));
}

/** A title as plain text. */
export function titleText(construct: TextConstruct | undefined): string {
  if (construct === undefined) return "";
  const start = { ...construct, value: construct.value.slice(0, 10_000) };
  return shorten(collapse(textOf(start).replace(BIDI_CONTROLS, "")));
}

/** A title as HTML that keeps emphasis, code and the like, and nothing else. */
export function titleHtml(construct: TextConstruct | undefined): string {
  if (construct === undefined) return "";
  const plain = titleText(construct);
  if (!isMarkup(construct) || plain.length >= MAX_TITLE_LENGTH) return escapeXml(plain);
  const html = sanitize(xmlCharacters(construct.value).replace(BIDI_CONTROLS, ""), {
    allowedTags: INLINE_TITLE_TAGS,
    allowedAttributes: {},
    nonTextTags: REMOVED_WITH_CONTENT,
    parseStyleAttributes: false,
  });
  return collapse(html);
}

/** Names and other short words: no markup, no control over the direction of what follows. */
export function plainName(text: string): string {
  return shorten(collapse(xmlCharacters(text).replace(BIDI_CONTROLS, "")));
}

/** Plain text as paragraphs. */
export function paragraphs(text: string): string {
  return xmlCharacters(text)
    .replace(/\r\n?/g, "\n")
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => `<p>${escapeXml(paragraph.trim()).replace(/\n/g, "<br />")}</p>`)
    .join("\n");
}

/** RSS never says what its titles are: without a tag or a reference that HTML knows, `a < b` is meant as written. */
function isMarkup(construct: TextConstruct): boolean {
  return construct.kind === "html" && (KNOWN_TAG.test(construct.value) || REFERENCE.test(construct.value));
}

function unescapeText(text: string): string {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&");
}

function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function shorten(text: string): string {
  return text.length <= MAX_TITLE_LENGTH
    ? text
    : `${text.slice(0, MAX_TITLE_LENGTH - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
