/** What a feed may bring into the page. Everything that is not named here is taken out, its text stays. */

export const INLINE_TITLE_TAGS = ["em", "strong", "i", "b", "code", "sub", "sup", "q"];

export const ALLOWED_TAGS = [
  "p",
  "br",
  "hr",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "ul",
  "ol",
  "li",
  "dl",
  "dt",
  "dd",
  "blockquote",
  "pre",
  "code",
  "kbd",
  "samp",
  "var",
  "em",
  "strong",
  "b",
  "i",
  "u",
  "s",
  "sub",
  "sup",
  "small",
  "q",
  "cite",
  "abbr",
  "dfn",
  "time",
  "span",
  "div",
  "a",
  "img",
  "figure",
  "figcaption",
  "picture",
  "source",
  "video",
  "audio",
  "track",
  "table",
  "caption",
  "colgroup",
  "col",
  "thead",
  "tbody",
  "tfoot",
  "tr",
  "th",
  "td",
  "details",
  "summary",
  "del",
  "ins",
  "mark",
  "ruby",
  "rt",
  "rp",
  "wbr",
  "bdi",
  "bdo",
];

/** Removed together with what they hold: their text was never meant to be read. What a form says stays, its controls go. */
export const REMOVED_WITH_CONTENT = [
  "script",
  "style",
  "select",
  "textarea",
  "option",
  "template",
  "noscript",
  "title",
  "head",
  "frameset",
  "xmp",
  "plaintext",
  "noembed",
  "noframes",
  "canvas",
  "dialog",
];

/** Elements of today's or yesterday's HTML that read the same under a name that we allow. */
export const SAME_AS: Readonly<Record<string, string>> = {
  acronym: "abbr",
  address: "div",
  article: "div",
  aside: "div",
  center: "div",
  dir: "ul",
  fieldset: "div",
  footer: "div",
  form: "div",
  header: "div",
  hgroup: "div",
  listing: "pre",
  main: "div",
  menu: "ul",
  nav: "div",
  search: "div",
  section: "div",
  strike: "s",
  tt: "code",
};

/** What may only stand in certain others. Elsewhere browsers still show it, but it could close an element of the page. */
export const PARENTS: Readonly<Record<string, readonly string[]>> = {
  dd: ["dl"],
  dt: ["dl"],
  li: ["ul", "ol"],
};

export const VOID_TAGS = ["br", "col", "hr", "img", "source", "track", "wbr"];

const GLOBAL = ["dir", "lang"];

/** Attributes of each element; our own constants (`rel`, `loading`, `controls` …) are among them. */
export const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  "*": GLOBAL,
  a: ["href", "title", "hreflang", "rel"],
  abbr: ["title"],
  audio: ["src", "controls", "preload"],
  blockquote: ["cite"],
  code: ["class"],
  del: ["cite"],
  img: ["src", "srcset", "sizes", "alt", "title", "width", "height", "loading", "decoding", "referrerpolicy"],
  ins: ["cite"],
  li: ["value"],
  ol: ["start", "reversed", "type"],
  q: ["cite"],
  source: ["src", "srcset", "type", "media", "sizes"],
  td: ["colspan", "rowspan"],
  th: ["colspan", "rowspan", "scope"],
  time: ["datetime"],
  video: ["src", "poster", "width", "height", "controls", "preload"],
};

/** Of links that others have written: no recommendation, and no access to our page. The templates of the theme have the same. */
export const FOREIGN_LINK = "nofollow ugc noopener";

/** What is added to an element whatever the feed says. With values, not as bare names: the output must be XML, too. */
export const FORCED_ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  a: { rel: FOREIGN_LINK },
  audio: { controls: "controls", preload: "none" },
  img: { loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" },
  video: { controls: "controls", preload: "none" },
};

/** Hosts whose images only count readers. */
export const BEACON_HOSTS = new Set([
  "feeds.feedburner.com",
  "pixel.wp.com",
  "stats.wordpress.com",
  "www.google-analytics.com",
  "b.scorecardresearch.com",
  "pixel.quantserve.com",
  "ad.doubleclick.net",
  "rss.buysellads.com",
  "tracking.feedpress.it",
  "pi.feedsportal.com",
]);

/** Deepest nesting of what comes out; deeper elements lose their tags. */
export const MAX_DEPTH = 64;
/** Largest sanitised entry. */
export const MAX_OUTPUT_LENGTH = 256 * 1024;
/** Largest text that is given to the sanitiser at all. */
export const MAX_INPUT_LENGTH = 2 * 1024 * 1024;
/** Largest `data:` image, with its base64. */
export const MAX_DATA_IMAGE_LENGTH = 32 * 1024;

/** The value of a table for a name that a stranger chose: `constructor` is a property of every object. */
export function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
