import { MAX_DATA_IMAGE_LENGTH } from "./policy.ts";

/** What relative addresses in a text are relative to. */
export interface Bases {
  /** Innermost xml:base, else the entry's link, else the feed's home page or address. */
  readonly base: string;
  /** The entry's own page: `#note` means a place there. */
  readonly page?: string | undefined;
}

const TRACKING = /^(?:utm_[a-z_]+|fbclid|gclid|mc_cid|mc_eid)$/i;
const DATA_IMAGE = /^data:image\/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/i;
/** C0 controls, tabs and line ends: browsers drop them anywhere in a URL, so `java\nscript:` runs. */
const CONTROLS = /[\p{Cc}\u200b\u2028\u2029\ufeff]/gu;

/** An absolute link with a harmless scheme, or undefined. */
export function safeLink(value: string, bases: Bases): string | undefined {
  const url = resolve(value, bases);
  if (url === undefined) return undefined;
  if (url.protocol === "mailto:" || url.protocol === "tel:") return url.href;
  return webUrl(url);
}

/** An absolute http(s) address of an image, sound or film, or undefined. */
export function safeMedia(value: string, bases: Bases): string | undefined {
  const url = resolve(value, bases);
  return url === undefined ? undefined : webUrl(url);
}

/** As {@link safeMedia}; small raster images inside the text are allowed as well, SVG is not. */
export function safeImage(value: string, bases: Bases): string | undefined {
  const data = value.replace(CONTROLS, "").trim();
  if (/^data:/i.test(data)) return data.length <= MAX_DATA_IMAGE_LENGTH && DATA_IMAGE.test(data) ? data : undefined;
  return safeMedia(value, bases);
}

/** One picture of a `srcset`. */
interface Candidate {
  readonly url: string;
  /** `2x` or `640w`; empty for the plain picture. */
  readonly descriptor: string;
}

const MAX_SRCSET_LENGTH = 10_000;
const MAX_CANDIDATES = 20;
const DESCRIPTOR = /^(?:\d{1,5}(?:\.\d{1,3})?[wx])?$/;

/** The candidates that may be shown, as HTML's own algorithm finds them: a URL ends at white space, not at a comma. */
function safeCandidates(value: string, bases: Bases): Candidate[] {
  const pattern = /[\s,]*(\S+)([^,]*)/g;
  const text = value.slice(0, MAX_SRCSET_LENGTH);
  const found: Candidate[] = [];
  while (found.length < MAX_CANDIDATES) {
    const match = pattern.exec(text);
    if (match === null) break;
    const [, address = "", rest = ""] = match;
    const isAlone = address.endsWith(",");
    if (isAlone) pattern.lastIndex -= rest.length;
    const url = safeMedia(address.replace(/,+$/, ""), bases);
    const descriptor = isAlone ? "" : rest.trim();
    if (url !== undefined && DESCRIPTOR.test(descriptor)) found.push({ url, descriptor });
  }
  return found;
}

/** Every candidate checked for itself; undefined when none is left. */
export function safeSrcset(value: string, bases: Bases): string | undefined {
  const safe = safeCandidates(value, bases)
    // A comma at either end would be read as the list's.
    .filter(({ url }) => !/^,|,$/.test(url))
    .map(({ url, descriptor }) => (descriptor === "" ? url : `${url} ${descriptor}`));
  return safe.length === 0 ? undefined : safe.join(", ");
}

/** The picture for who can show only one: the largest. */
export function largestCandidate(value: string, bases: Bases): string | undefined {
  const size = ({ descriptor }: Candidate) => Number.parseFloat(descriptor) || 1;
  return safeCandidates(value, bases).sort((a, b) => size(b) - size(a))[0]?.url;
}

function resolve(value: string, bases: Bases): URL | undefined {
  const text = value.replace(CONTROLS, "").trim();
  if (text === "") return undefined;
  try {
    return new URL(text, text.startsWith("#") ? (bases.page ?? bases.base) : bases.base);
  } catch {
    return undefined; // not a URL
  }
}

function webUrl(url: URL): string | undefined {
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  url.username = "";
  url.password = "";
  const tracking = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of tracking) url.searchParams.delete(name);
  return url.href;
}
