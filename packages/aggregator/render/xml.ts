import type { CleanHtml, cleanHtmlMark } from "../text/cleanHtml.ts";
import { escapeXml } from "../text/xml.ts";

/** Any text but HTML, which would be shown with its tags. */
type PlainText = string & { readonly [cleanHtmlMark]?: never };

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; `content` is markup already. Attributes without a value are left out. */
export function element(name: string, attributes: Attributes, content?: string | readonly string[]): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join("");
  if (content === undefined) return `<${name}${list}/>`;
  return `<${name}${list}>${typeof content === "string" ? content : content.join("")}</${name}>`;
}

/** An element holding text, or nothing when there is no text. */
export function textElement(name: string, text: PlainText | undefined, attributes: Attributes = {}): string {
  return text === undefined || text === "" ? "" : element(name, attributes, escapeXml(text));
}

/** An element that holds HTML as escaped text, as Atom's `html` and RSS descriptions do; nothing for empty HTML. */
export function htmlElement(name: string, html: CleanHtml, attributes: Attributes = {}): string {
  return html === "" ? "" : element(name, attributes, escapeXml(html));
}

/** A whole document. */
export function xmlDocument(root: string, instructions = ""): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${instructions}${root}\n`;
}
