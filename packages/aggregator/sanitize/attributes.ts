import { ALLOWED_ATTRIBUTES, BEACON_HOSTS, FORCED_ATTRIBUTES, own } from "./policy.ts";
import { type Bases, safeImage, safeLink, safeMedia, safeSrcset } from "./urls.ts";

export type Attributes = Record<string, string>;

const MAX_NUMBER = 10_000;
const MAX_SPAN = 100;

/** The attributes of an element that may stay, checked one by one, in the order of the policy: equal in, equal out. */
export function safeAttributes(tag: string, given: Readonly<Attributes>, bases: Bases): Attributes {
  const names = [...(own(ALLOWED_ATTRIBUTES, tag) ?? []), ...(ALLOWED_ATTRIBUTES["*"] ?? [])];
  const result: Attributes = {};
  for (const name of names) {
    const value = given[name];
    const safe = value === undefined ? undefined : checked(tag, name, value, bases);
    if (safe !== undefined) result[name] = safe;
  }
  // A link without an address is not a link, and needs no rel.
  if (tag === "a" && result.href === undefined) return result;
  return Object.assign(result, own(FORCED_ATTRIBUTES, tag));
}

/** True for images that exist to be loaded, not to be seen. */
export function isBeacon(given: Readonly<Attributes>, src: string): boolean {
  const tiny = (value: string | undefined) => value !== undefined && /^\s*[01](?:px)?\s*$/.test(value);
  if (tiny(given.width) || tiny(given.height)) return true;
  return !src.startsWith("data:") && BEACON_HOSTS.has(new URL(src).hostname);
}

function checked(tag: string, name: string, value: string, bases: Bases): string | undefined {
  switch (name) {
    case "href":
    case "cite":
      return safeLink(value, bases);
    case "src":
      return tag === "img" ? safeImage(value, bases) : safeMedia(value, bases);
    case "poster":
      return safeMedia(value, bases);
    case "srcset":
      return safeSrcset(value, bases);
    case "width":
    case "height":
    case "start":
    case "value":
      return numeric(value, MAX_NUMBER);
    case "colspan":
    case "rowspan":
      return numeric(value, MAX_SPAN);
    case "dir":
      return oneOf(value, /^(?:ltr|rtl|auto)$/i);
    case "lang":
    case "hreflang":
      return oneOf(value, /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,5}$/);
    case "class":
      return /(?:^|\s)(language-[\w+#-]{1,40})(?=\s|$)/.exec(value)?.[1];
    case "reversed":
      return "reversed";
    case "type":
      return oneOf(value, tag === "ol" ? /^[1aAiI]$/ : /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/);
    case "scope":
      return oneOf(value, /^(?:row|col|rowgroup|colgroup)$/i);
    case "datetime":
      return oneOf(value, /^[\dTWPDHMSYZ:.,+ -]{1,40}$/i);
    case "sizes":
    case "media":
      return oneOf(value, /^[\w\s().:,%+*/<>=-]{1,200}$/);
    case "alt":
    case "title":
      return value.slice(0, 1000);
    default:
      return undefined; // rel, loading, controls …: ours alone
  }
}

function numeric(value: string, max: number): string | undefined {
  const match = /^\s*(\d{1,5})(?:px)?\s*$/.exec(value);
  return match === null || Number(match[1]) > max ? undefined : String(Number(match[1]));
}

function oneOf(value: string, pattern: RegExp): string | undefined {
  const text = value.trim();
  return text !== "" && pattern.test(text) ? text : undefined;
}
