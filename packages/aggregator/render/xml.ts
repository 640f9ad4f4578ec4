import { escapeXml } from "../text/xml.ts";

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
export function textElement(name: string, text: string | undefined, attributes: Attributes = {}): string {
  return text === undefined || text === "" ? "" : element(name, attributes, escapeXml(text));
}

/** A whole document. */
export function xmlDocument(root: string, instructions = ""): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${instructions}${root}\n`;
}
