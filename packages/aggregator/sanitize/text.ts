import { type Token, Tokenizer, TokenizerMode } from "parse5";
import type { TextConstruct } from "../parse/types.ts";
import { type CleanHtml, cleanHtml } from "../text/cleanHtml.ts";
import { escapeXml, xmlCharacters } from "../text/xml.ts";
import { ALLOWED_TAGS, FOREIGN_LINK, REMOVED_WITH_CONTENT, SAME_AS } from "./policy.ts";
import { BLOCKS, textOfProse } from "./prose.ts";
import { safeLink } from "./urls.ts";

/** They reverse the order of the letters around them, even outside their own text. */
export const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const KNOWN_TAG = new RegExp(
  `</?(?:${[...ALLOWED_TAGS, ...REMOVED_WITH_CONTENT, ...Object.keys(SAME_AS), "button", "font", "nobr", "iframe", "object", "embed", "svg", "math"].join("|")})(?=[\\s/>])`,
  "i",
);
const ANY_TAG = /<[!/]?[a-z]/i;
/** A character by its name or number. */
export const REFERENCE = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/i;
const REMOVED = new Set([...REMOVED_WITH_CONTENT, "iframe"]);
/** What HTML reads as characters up to its end tag. */
const RAW = new Map<string, (typeof TokenizerMode)[keyof typeof TokenizerMode]>([
  ...["iframe", "noembed", "noframes", "script", "style", "xmp"].map((tag) => [tag, TokenizerMode.RAWTEXT] as const),
  ...["textarea", "title"].map((tag) => [tag, TokenizerMode.RCDATA] as const),
  ["plaintext", TokenizerMode.PLAINTEXT],
]);
const WEB_ADDRESS = /\bhttps?:\/\/[^\s<>"'\u2018-\u201f]{1,2000}/g;
const MAX_NAME_LENGTH = 500;

/** The words of a piece of HTML, without markup and without what was never meant to be read. Linear in its length. */
export function textOfHtml(html: string): string {
  return collapse(xmlCharacters(textOfProse(html) ?? tokenizedText(html)));
}

function tokenizedText(html: string): string {
  const reader = new WordReader();
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: false }, reader);
  reader.enterRaw = (mode) => {
    tokenizer.state = mode;
  };
  tokenizer.write(html, true);
  return reader.words.join("");
}

/** Collects the text of what HTML's tokenizer finds; needs no tree. */
class WordReader {
  readonly words: string[] = [];
  enterRaw: (mode: (typeof TokenizerMode)[keyof typeof TokenizerMode]) => void = () => {};
  /** The removed element that we are in, and how many of its name are open. */
  #removed: { readonly tag: string; open: number } | undefined;

  onStartTag({ tagName, selfClosing }: Token.TagToken): void {
    const raw = RAW.get(tagName);
    if (raw !== undefined) this.enterRaw(raw);
    if (this.#removed !== undefined) {
      if (tagName === this.#removed.tag) this.#removed.open += 1;
    } else if (REMOVED.has(tagName)) {
      if (!selfClosing) this.#removed = { tag: tagName, open: 1 };
    } else if (BLOCKS.has(tagName)) this.words.push(" ");
  }

  onEndTag({ tagName }: Token.TagToken): void {
    if (tagName === this.#removed?.tag) {
      this.#removed.open -= 1;
      if (this.#removed.open === 0) this.#removed = undefined;
    } else if (BLOCKS.has(tagName)) this.words.push(" ");
  }

  onCharacter({ chars }: Token.CharacterToken): void {
    if (this.#removed === undefined) this.words.push(chars);
  }

  onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onNullCharacter(): void {}
  onComment(): void {}
  onDoctype(): void {}
  onEof(): void {}
}

/** The words of a text construct. */
export function textOf(construct: TextConstruct | undefined): string {
  if (construct === undefined) return "";
  return isMarkup(construct) ? textOfHtml(construct.value) : collapse(xmlCharacters(construct.value));
}

/** Plain text that came where HTML is usual: its line ends are meant, its references are those of HTML. */
export function plainTextOf({ kind, value }: TextConstruct): string | undefined {
  if (kind === "text") return value;
  if (ANY_TAG.test(value)) return undefined;
  return value
    .split("\n")
    .map((line) => textOf({ kind, value: line }))
    .join("\n");
}

/** Names and other short words: no markup, no control over the direction of what follows. */
export function plainName(text: string): string {
  return shortName(collapse(xmlCharacters(text).replace(BIDI_CONTROLS, "")));
}

function shortName(text: string): string {
  if (text.length <= MAX_NAME_LENGTH) return text;
  return `${text.slice(0, MAX_NAME_LENGTH - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Plain text as paragraphs, its web addresses as links. */
export function paragraphs(text: string): CleanHtml {
  return cleanHtml(
    xmlCharacters(text)
      .replace(/\r\n?/g, "\n")
      .split(/\n[^\S\n]*\n\s*/)
      .filter((paragraph) => paragraph.trim() !== "")
      .map((paragraph) => `<p>${linked(paragraph.trim()).replace(/\n/g, "<br />")}</p>`)
      .join("\n"),
  );
}

function linked(text: string): string {
  const out: string[] = [];
  let end = 0;
  for (const match of text.matchAll(WEB_ADDRESS)) {
    const address = match[0].replace(/[.,;:!?)\]}*_]+$/, "");
    const href = safeLink(address, { base: address });
    if (href === undefined) continue;
    out.push(escapeXml(text.slice(end, match.index)));
    out.push(linkTo(href, address));
    end = match.index + address.length;
  }
  return out.join("") + escapeXml(text.slice(end));
}

/** A link that others have written, around a text. */
export const linkTo = (href: string, text: string): string =>
  `<a href="${escapeXml(href)}" rel="${FOREIGN_LINK}">${escapeXml(text)}</a>`;

/** Without a tag or a reference that HTML knows, `a < b` is meant as written. */
function isMarkup(construct: TextConstruct): boolean {
  return construct.kind === "html" && (KNOWN_TAG.test(construct.value) || REFERENCE.test(construct.value));
}

export function collapse(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
