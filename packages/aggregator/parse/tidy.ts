import { xmlCharacters } from "../text/xml.ts";

/** What a document is, by its root element or its first character. */
export type Root = "rss" | "atom" | "rdf" | "opml" | "json" | "html" | "unknown";

/** A document from its root on. */
export interface TidyDocument {
  readonly root: Root;
  readonly text: string;
}

/** Error messages of a web server may stand before a feed, but no feed begins later. */
const MAX_PROLOG_LENGTH = 200_000;
const ROOTS: Readonly<Record<string, Root>> = { rss: "rss", feed: "atom", rdf: "rdf", opml: "opml", html: "html" };
const NAME = /<(?:[\w.-]{1,100}:)?([\w.-]{1,100})(?=[\s/>])/y;

/**
 * Finds the root element and leaves out what stands before it: declarations, comments, junk, and the DOCTYPE, because
 * nothing expands what it declares, and external declarations make the parser refuse the document. Only tags before the
 * root are looked at: a text may well speak of `<!DOCTYPE html>` or `<opml>`.
 */
export function tidyDocument(raw: string): TidyDocument {
  const text = xmlCharacters(raw).replace(/^[\s\uFEFF]+/, "");
  if (text.startsWith("{")) return { root: "json", text };
  const head = text.slice(0, MAX_PROLOG_LENGTH);
  for (let at = head.indexOf("<"); at !== -1; at = head.indexOf("<", endOfMarkup(head, at))) {
    NAME.lastIndex = at;
    const root = ROOTS[NAME.exec(head)?.[1]?.toLowerCase() ?? ""];
    if (root !== undefined) return { root, text: text.slice(at) };
  }
  return { root: "unknown", text };
}

/** Where the declaration, comment or tag that begins here ends. */
function endOfMarkup(head: string, start: number): number {
  if (head.startsWith("<!--", start)) return endOf(head, /-->/g, start + 4);
  if (head.startsWith("<?", start)) return endOf(head, /\?>/g, start + 2);
  if (!/^<!DOCTYPE\s/i.test(head.slice(start, start + 10))) return start + 1;
  const end = endOf(head, /[[>]/g, start);
  return head.charAt(end - 1) === "[" ? endOf(head, /\]\s*>/g, end) : end; // its internal subset is in brackets
}

/** Behind the next match. What never ends has swallowed the root, if there was one. */
function endOf(head: string, pattern: RegExp, start: number): number {
  pattern.lastIndex = start;
  return pattern.exec(head) === null ? head.length : pattern.lastIndex;
}

const MARKUP = /<(?:!\[CDATA\[|!--|\?|[^<>]*>|)/g;
const ENDS: Readonly<Record<string, string>> = { "<![CDATA[": "]]>", "<!--": "-->", "<?": "?>" };

/** Whether every tag ends before the next one begins. Where not, the XML parser looks for each end in all the rest. */
export function hasWholeTags(text: string): boolean {
  MARKUP.lastIndex = 0;
  for (let match = MARKUP.exec(text); match !== null; match = MARKUP.exec(text)) {
    if (match[0] === "<") return false;
    const end = ENDS[match[0]];
    if (end === undefined) continue;
    const at = text.indexOf(end, MARKUP.lastIndex);
    if (at === -1) return false;
    MARKUP.lastIndex = at + end.length;
  }
  return true;
}
