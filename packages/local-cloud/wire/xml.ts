/** What a service answers: objects keep their order, `undefined` leaves an element out. */
export type XmlValue = string | number | boolean | Date | undefined | XmlNode | readonly XmlValue[];
export interface XmlNode {
  readonly [name: string]: XmlValue;
}

/** A list is one element with `<item>` (EC2) or `<member>` children (load balancing, Auto Scaling); `repeat`: the element is repeated (S3). */
export type ListStyle = "item" | "member" | "repeat";

/** One element; attributes are written as given, in the object's order. */
export function element(name: string, value: XmlValue, lists: ListStyle, attributes = NONE): string {
  if (value === undefined) return "";
  if (isList(value) && lists === "repeat") return value.map((one) => element(name, one, lists, attributes)).join("");
  const content = contentOf(value, lists);
  const start = attributes === NONE ? name : `${name}${written(attributes)}`;
  return content === "" ? `<${start}/>` : `<${start}>${content}</${name}>`;
}

const NONE: Readonly<Record<string, string>> = {};

function written(attributes: Readonly<Record<string, string>>): string {
  const escaped = (text: string) => escapeXml(text).replaceAll('"', "&quot;");
  return Object.entries(attributes)
    .map(([name, text]) => ` ${name}="${escaped(text)}"`)
    .join("");
}

function contentOf(value: Exclude<XmlValue, undefined>, lists: ListStyle): string {
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return value.map((one) => element(lists, one, lists)).join("");
  if (typeof value !== "object") return escapeXml(String(value));
  let content = "";
  for (const [name, child] of Object.entries(value)) {
    if (name !== "$attributes") content += element(name, child, lists, attributesOf(child));
  }
  return content;
}

/** `$attributes` of a node are its own attributes: S3's grantee carries `xsi:type`. */
function attributesOf(value: XmlValue): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value instanceof Date || isList(value)) return NONE;
  const attributes = value.$attributes;
  if (typeof attributes !== "object" || attributes instanceof Date || isList(attributes)) return NONE;
  return Object.fromEntries(Object.entries(attributes).map(([key, text]) => [key, String(text)]));
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: as below
const SPECIAL = /[&<\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/** `>` and quotes stay as they are, as the cloud's own. Also drops what XML 1.0 cannot hold: a console full of control characters must not break an answer. */
function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what must go
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll("\r", "&#13;")
  );
}
