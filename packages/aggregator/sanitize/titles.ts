import type { TextConstruct } from "../parse/types.ts";
import { type CleanHtml, cleanHtml, htmlOfText } from "../text/cleanHtml.ts";
import { escapeXml, xmlCharacters } from "../text/xml.ts";
import { isElement, isText, type Node, parseHtml } from "./htmlTree.ts";
import { INLINE_TITLE_TAGS } from "./policy.ts";
import { BIDI_CONTROLS, collapse, plainName, REFERENCE, textOfHtml } from "./text.ts";

const MAX_INPUT_LENGTH = 10_000;
const TAG = /<(\/?)([a-z][a-z0-9]{0,20})(\s[^<>]{0,2000})?\/?>|<!--[^>]{0,2000}-->/gi;
const LOOSE_AMPERSAND = new RegExp(`&(?!${REFERENCE.source.slice(1)})`, "gi");
const VOID = new Set(["br", "hr", "img", "wbr"]);
/** Elements that people and programs put around words of a title. */
const TITLE_MARKUP = new Set([
  ...INLINE_TITLE_TAGS,
  ...VOID,
  ..."a abbr acronym bdi bdo big blink center cite del dfn div font h1 h2 h3 h4 h5 h6 ins kbd li mark nobr p s samp".split(
    " ",
  ),
  ..."small span strike strong tt u ul var".split(" "),
]);
const INLINE = new Set(INLINE_TITLE_TAGS);

/** A title as it may be published. */
export interface CleanTitle {
  readonly titlePlain: string;
  /** With emphasis and code kept. */
  readonly titleHtml: CleanHtml;
}

export function cleanTitle(title: TextConstruct | undefined): CleanTitle {
  return { titlePlain: titleText(title), titleHtml: titleHtml(title) };
}

/** Most titles are: they are text, whatever their feed says. */
export function isPlainTitle(title: TextConstruct | undefined): boolean {
  return title === undefined || title.kind === "text" || !/[<&]/.test(title.value);
}

/** A title as plain text. */
export function titleText(construct: TextConstruct | undefined): string {
  if (construct === undefined) return "";
  const value = construct.value.slice(0, MAX_INPUT_LENGTH);
  return plainName(construct.kind === "text" ? value : textOfHtml(titleMarkup(value)));
}

/** A title as HTML that keeps emphasis, code and the like, and nothing else. */
export function titleHtml(construct: TextConstruct | undefined): CleanHtml {
  const plain = titleText(construct);
  if (construct === undefined || isPlainTitle(construct) || plain.endsWith("…")) return htmlOfText(plain);
  const { nodes, state } = parseHtml(titleMarkup(construct.value.slice(0, MAX_INPUT_LENGTH)));
  if (state !== "whole") return htmlOfText(plain);
  return cleanHtml(collapse(xmlCharacters(inlineMarkup(nodes))));
}

/**
 * The title with every character escaped that is not markup. Titles are about HTML more often than they are HTML, and no
 * format says which: `Using the <dialog> element` is meant as written. A tag counts when it is closed, has attributes or
 * never needs an end, and only if people format titles with it.
 */
function titleMarkup(value: string): string {
  const tags = [...value.matchAll(TAG)];
  const markup = new Set<number>();
  const open = new Map<string, number[]>();
  for (const { index, 0: whole, 1: slash, 2: name = "", 3: rest = "" } of tags) {
    const tag = name.toLowerCase();
    if (whole.startsWith("<!--")) markup.add(index);
    if (!TITLE_MARKUP.has(tag)) continue;
    if (slash === "/") {
      const opened = open.get(tag)?.pop();
      if (opened !== undefined) markup.add(opened).add(index);
      continue;
    }
    if (VOID.has(tag) || rest.includes("=")) markup.add(index);
    if (!VOID.has(tag)) open.set(tag, [...(open.get(tag) ?? []), index]);
  }
  return escapedBetween(
    value,
    tags.filter(({ index }) => markup.has(index)),
  );
}

function escapedBetween(value: string, markup: readonly RegExpExecArray[]): string {
  const out: string[] = [];
  let end = 0;
  for (const { index, 0: tag } of markup) {
    out.push(escaped(value.slice(end, index)), tag);
    end = index + tag.length;
  }
  return out.join("") + escaped(value.slice(end));
}

const escaped = (text: string): string => text.replace(LOOSE_AMPERSAND, "&amp;").replace(/</g, "&lt;");

function inlineMarkup(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (isText(node)) return escapeXml(node.value.replace(BIDI_CONTROLS, ""));
      if (!isElement(node)) return "";
      const inner = inlineMarkup(node.childNodes);
      if (node.tagName === "br") return " ";
      return INLINE.has(node.tagName) && inner !== "" ? `<${node.tagName}>${inner}</${node.tagName}>` : inner;
    })
    .join("");
}
