import { type CleanHtml, cleanHtml } from "../text/cleanHtml.ts";
import { escapeXml } from "../text/xml.ts";
import { safeAttributes } from "./attributes.ts";
import {
  attribute,
  attributesOf,
  charactersOf,
  type Element,
  elementsOf,
  isElement,
  isHtml,
  isText,
  type Node,
  parseHtml,
} from "./htmlTree.ts";
import { imageOfPicture, shownImage } from "./images.ts";
import {
  ALLOWED_TAGS,
  MAX_DEPTH,
  MAX_INPUT_LENGTH,
  MAX_OUTPUT_LENGTH,
  own,
  PARENTS,
  REMOVED_WITH_CONTENT,
  SAME_AS,
  VOID_TAGS,
} from "./policy.ts";
import { linkTo, paragraphs, textOfHtml } from "./text.ts";
import { type Bases, safeLink } from "./urls.ts";

/** The page gives entries `h3`: nothing inside one may outrank it. */
const HIGHEST_HEADING = 4;
/** Markup that is still moving after so many passes is shown as plain text. */
const MAX_PASSES = 6;
const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)\b/i;
const ALLOWED = new Set(ALLOWED_TAGS);
const REMOVED = new Set(REMOVED_WITH_CONTENT);
const VOID = new Set(VOID_TAGS);

/**
 * Foreign HTML → HTML that can only show itself: allowed elements, absolute http(s) addresses, no handlers, no styles.
 * A browser that finds the result in the page builds the tree that was meant here, and nothing of the page is closed by
 * it. It is a fixed point, and well-formed as XML.
 */
export function sanitizeHtml(html: string, bases: Bases): CleanHtml {
  const clean = settled(html.slice(0, MAX_INPUT_LENGTH), bases);
  const isCut = clean.isCut || html.length > MAX_INPUT_LENGTH || clean.html.length > MAX_OUTPUT_LENGTH;
  if (!isCut) return cleanHtml(clean.html);
  // Another pass over a piece closes what the cut left open.
  const piece = clean.html.length > MAX_OUTPUT_LENGTH ? settled(cutAtBlock(clean.html), bases).html : clean.html;
  return cleanHtml(piece + continueLink(bases.page));
}

interface Cleaned {
  readonly html: string;
  /** The end is missing. */
  readonly isCut: boolean;
}

/**
 * Passes until nothing changes: what comes out then is what HTML's algorithm reads it as. Taking out an element can bring
 * two others together that may not be nested, so a second pass is the rule.
 */
function settled(html: string, bases: Bases): Cleaned {
  let before = pass(html, bases);
  for (let round = 1; before !== undefined && round < MAX_PASSES; round += 1) {
    const after = pass(before.html, bases);
    if (after?.html === before.html) return before;
    before = after && { html: after.html, isCut: before.isCut || after.isCut };
  }
  return { html: paragraphs(textOfHtml(html)), isCut: false };
}

/** Undefined for nesting that does not end. */
function pass(html: string, bases: Bases): Cleaned | undefined {
  const { nodes, state } = parseHtml(html);
  if (state === "deep") return undefined;
  const writer = { bases, shift: headingShift(nodes) };
  return { html: written(nodes, { parent: "", depth: 0 }, writer).trim(), isCut: state === "cut" };
}

/** What holds for the whole text. */
interface Writer {
  readonly bases: Bases;
  /** Levels that every heading moves down. */
  readonly shift: number;
}

/** Where a node is written. */
interface Place {
  /** The element around it in the output; empty at the top. */
  readonly parent: string;
  readonly depth: number;
}

function written(nodes: readonly Node[], place: Place, writer: Writer): string {
  return nodes
    .map((node) => {
      if (isText(node)) return textMarkup(node.value);
      return isElement(node) ? elementMarkup(node, place, writer) : "";
    })
    .join("");
}

function elementMarkup(element: Element, place: Place, writer: Writer): string {
  const { tagName } = element;
  if (!isHtml(element)) return foreignText(element);
  if (REMOVED.has(tagName) || isHidden(element)) return "";
  switch (tagName) {
    case "img":
      return imageMarkup(element, writer);
    case "picture":
      return pictureMarkup(element, place, writer);
    case "iframe":
    case "embed":
      return frameMarkup(element, writer.bases);
    case "object":
      return frameMarkup(element, writer.bases) || written(element.childNodes, place, writer);
    default:
      return plainMarkup(element, place, writer);
  }
}

function plainMarkup(element: Element, place: Place, writer: Writer): string {
  const tag = tagFor(element.tagName, place.parent, writer);
  if (!ALLOWED.has(tag) || place.depth >= MAX_DEPTH) return written(element.childNodes, place, writer);
  const opened = openTag(tag, safeAttributes(tag, attributesOf(element), writer.bases));
  if (VOID.has(tag)) return opened;
  const inner = written(element.childNodes, { parent: tag, depth: place.depth + 1 }, writer);
  // A link that nobody can see cannot be followed, only stumbled upon by keyboards.
  if (tag === "a" && inner.trim() === "") return inner;
  // HTML drops one line end after `<pre>`; an XML reader of our feeds does not.
  return `${opened}${tag === "pre" ? inner.replace(/^\n+/, "") : inner}</${tag}>`;
}

function tagFor(name: string, parent: string, { shift }: Writer): string {
  const tag = own(SAME_AS, name) ?? name;
  const level = /^h([1-6])$/.exec(tag)?.[1];
  if (level !== undefined) return `h${Math.min(6, Number(level) + shift)}`;
  const parents = own(PARENTS, tag);
  return parents === undefined || parents.includes(parent) ? tag : "div";
}

function imageMarkup(element: Element, { bases }: Writer): string {
  const shown = shownImage(element, bases);
  switch (shown.kind) {
    case "image":
      return imageTag(shown.given, bases);
    case "text":
      return textMarkup(shown.text);
    case "left-out":
      return bases.page === undefined ? textMarkup(shown.alt) : linkMarkup(bases.page, shown.alt || "Image", bases);
    case "nothing":
      return "";
  }
}

function pictureMarkup(element: Element, place: Place, writer: Writer): string {
  const inner = written(element.childNodes, { parent: "picture", depth: place.depth + 1 }, writer);
  if (inner.includes("<img ")) return place.depth < MAX_DEPTH ? `<picture>${inner}</picture>` : inner;
  const src = imageOfPicture(element, writer.bases);
  const alt = [...elementsOf(element.childNodes)]
    .map((each) => attribute(each, "alt"))
    .find((text) => text !== undefined);
  return src === undefined ? "" : imageTag({ src, ...(alt === undefined ? {} : { alt }) }, writer.bases);
}

const imageTag = (given: Readonly<Record<string, string>>, bases: Bases): string =>
  openTag("img", safeAttributes("img", given, bases));

/** The reader decides whether to visit what a feed wanted to embed: a frame becomes a link. */
function frameMarkup(element: Element, bases: Bases): string {
  const source = ["src", "data-src", "data-lazy-src", "data"]
    .map((name) => attribute(element, name))
    .find(isWebAddress);
  const href = source === undefined ? undefined : safeLink(source, bases)?.replace(/^http:/, "https:");
  return href === undefined ? "" : linkMarkup(href, `Embedded: ${new URL(href).hostname}`, bases);
}

const isWebAddress = (value: string | undefined): boolean => /^\s*(?:https?:)?\/\//i.test(value ?? "");

function linkMarkup(href: string, text: string, bases: Bases): string {
  return `${openTag("a", safeAttributes("a", { href }, bases))}${textMarkup(text)}</a>`;
}

/** Formulas as they were typed, and what a drawing says of itself. */
function foreignText(element: Element): string {
  const inside = [...elementsOf([element])];
  if (element.tagName === "math") {
    const typed = inside.find(
      (each) => each.tagName === "annotation" && /tex/i.test(attribute(each, "encoding") ?? ""),
    );
    const text = attribute(element, "alttext") ?? charactersOf(typed ? [typed] : [element]);
    return textMarkup(text.replace(/\s+/g, " ").trim());
  }
  const title = inside.find(({ tagName }) => tagName === "title");
  return title === undefined ? "" : textMarkup(charactersOf(title.childNodes).trim());
}

const isHidden = (element: Element): boolean =>
  attribute(element, "hidden") !== undefined || HIDDEN.test((attribute(element, "style") ?? "").slice(0, 2_000));

/** All headings move by the same amount, so their order among each other stays, and a second pass moves nothing. */
function headingShift(nodes: readonly Node[]): number {
  let highest = 7;
  for (const { tagName } of elementsOf(nodes)) {
    const level = /^h([1-6])$/.exec(tagName)?.[1];
    if (level !== undefined) highest = Math.min(highest, Number(level));
  }
  return Math.max(0, HIGHEST_HEADING - highest);
}

function openTag(tag: string, attributes: Readonly<Record<string, string>>): string {
  const list = Object.entries(attributes).map(([name, value]) => ` ${name}="${textMarkup(value)}"`);
  return `<${tag}${list.join("")}${VOID.has(tag) ? " />" : ">"}`;
}

/** A carriage return would be a line end to the next reader. */
const textMarkup = (text: string): string => escapeXml(text.replace(/\r\n?/g, "\n"));

function cutAtBlock(html: string): string {
  const piece = html.slice(0, MAX_OUTPUT_LENGTH - 4096);
  const blocks = [...piece.matchAll(/<\/(?:p|div|li|ul|ol|pre|blockquote|table|figure|h[1-6]|dl|tr)>/g)];
  const last = blocks[blocks.length - 1];
  if (last !== undefined && last.index > 0) return piece.slice(0, last.index + last[0].length);
  return piece.slice(0, Math.max(piece.lastIndexOf(" "), piece.lastIndexOf(">") + 1));
}

function continueLink(page: string | undefined): string {
  if (page === undefined) return "<p>…</p>";
  return `<p>${linkTo(page, "Continue reading")}</p>`;
}
