import { escapeXml } from "../text/xml.ts";
import { decode } from "./decode.ts";

/** In place of an Atom 0.3 `mode`, which the parser does not know. */
const MARK = "base64;";
const MODE = /<[^<>]{0,1000}\smode=(["'])base64\1[^<>]{0,1000}>/g;
const TYPE = /\stype=(?:"([^"<>]*)"|'([^'<>]*)')/;

/** Atom 0.3: `mode="base64"` becomes part of the type. */
export function markBase64(document: string): string {
  if (!/\smode=["']base64["']/.test(document)) return document;
  return document.replace(MODE, (tag) => {
    const [given = "", double, single] = TYPE.exec(tag) ?? [];
    return tag
      .replace(given, "")
      .replace(/\smode=["']base64["']/, ` type="${MARK}${double ?? single ?? "text/plain"}"`);
  });
}

/** The media type of a text construct that is written in base64, or undefined. */
export function base64Type(type: string): string | undefined {
  if (type.startsWith(MARK)) return type.slice(MARK.length);
  if (!/^[\w.+-]+\/[\w.+-]+/.test(type)) return undefined;
  return /^(?:text|message|multipart)\/|[/+]xml\b|html\b|json\b/.test(type) ? undefined : type;
}

/** A picture as a picture, readable bytes as HTML, anything else as nothing; what is not base64 at all is left as it is. */
export function htmlOfBase64(value: string, type: string): string {
  const compact = value.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]{2,}={0,2}$/.test(compact)) return value;
  if (type.startsWith("image/")) return `<img src="data:${escapeXml(type)};base64,${compact}" alt="">`;
  const { text } = decode(Buffer.from(compact, "base64"));
  if (/[\p{Cc}\ufffd]/u.test(text.replace(/[\t\n\r]/g, ""))) return "";
  return /^text(?:\/plain)?$/.test(type) ? escapeXml(text) : text;
}
