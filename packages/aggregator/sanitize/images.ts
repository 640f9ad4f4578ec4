import { type Attributes, isBeacon } from "./attributes.ts";
import { attribute, attributesOf, type Element, elementsOf } from "./htmlTree.ts";
import { type Bases, largestCandidate, safeImage, safeMedia } from "./urls.ts";

/** Where scripts that load a picture late keep its address; nothing else is kept under these names. */
const LATE_SOURCES = ["data-src", "data-lazy-src", "data-lazyload", "data-actualsrc"];
const LATE_SETS = ["data-srcset", "data-lazy-srcset"];
/** The whole picture behind a preview, or behind nothing. */
const ORIGINALS = ["data-original", "data-orig-file", "data-original-src"];
const PLACEHOLDER = /(?:placeholder|blank|spacer|lazy|loading|transparent|pixel|1x1)[^/]*$/i;
const SMILEY_CLASS = /(?:^|\s)(?:wp-smiley|emoji|emojione|twemoji)(?=\s|$)/;
const SMILEY_PLACE = /\/\/(?:s\.w\.org|twemoji\.maxcdn\.com)\/.*emoji/i;

/** What is to be shown for an `img`. */
export type Shown =
  | { readonly kind: "image"; readonly given: Attributes }
  | { readonly kind: "text"; readonly text: string }
  /** A picture inside the text that is too large for it. */
  | { readonly kind: "left-out"; readonly alt: string }
  | { readonly kind: "nothing" };

export function shownImage(element: Element, bases: Bases): Shown {
  const given = sourced(attributesOf(element), bases);
  const alt = (given.alt ?? "").trim();
  if (alt !== "" && isSmiley(given)) return { kind: "text", text: alt };
  const src = given.src === undefined ? undefined : safeImage(given.src, bases);
  if (src === undefined)
    return /^\s*data:image\//i.test(given.src ?? "") ? { kind: "left-out", alt } : { kind: "nothing" };
  return isBeacon(given, src) ? { kind: "nothing" } : { kind: "image", given };
}

/** For a `picture` without a usable `img`: browsers then show nothing at all. */
export function imageOfPicture(picture: Element, bases: Bases): string | undefined {
  for (const source of elementsOf(picture.childNodes)) {
    if (source.tagName !== "source") continue;
    const set = attribute(source, "srcset") ?? attribute(source, "data-srcset");
    const url = set === undefined ? undefined : largestCandidate(set, bases);
    if (url !== undefined) return url;
  }
  return undefined;
}

/** With the addresses that a browser would have in the end, when all scripts have run. */
function sourced(given: Attributes, bases: Bases): Attributes {
  const late = firstUsable(given, LATE_SOURCES, bases);
  const srcset = LATE_SETS.map((name) => given[name]).find((value) => value !== undefined) ?? given.srcset;
  const src = late ?? (isPlaceholder(given.src) ? firstUsable(given, ORIGINALS, bases) : undefined);
  const fromSet = () => (srcset === undefined ? undefined : largestCandidate(srcset, bases));
  const result = { ...given, src: src ?? (isPlaceholder(given.src) ? fromSet() : undefined) ?? given.src };
  return defined({ ...result, srcset });
}

function firstUsable(given: Attributes, names: readonly string[], bases: Bases): string | undefined {
  return names.map((name) => given[name]).find((value) => value !== undefined && safeMedia(value, bases) !== undefined);
}

const isPlaceholder = (src: string | undefined): boolean =>
  src === undefined || src.trim() === "" || /^\s*(?:data|about):/i.test(src) || PLACEHOLDER.test(src.slice(-200));

const isSmiley = ({ class: names = "", src = "" }: Attributes): boolean =>
  SMILEY_CLASS.test(names) || SMILEY_PLACE.test(src.slice(0, 500));

const defined = (values: Readonly<Record<string, string | undefined>>): Attributes =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
