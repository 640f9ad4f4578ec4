import type { Fields } from "./fields.ts";
import type { SharedKey } from "./keys.ts";
import type { FeedConfig, TextType } from "./types.ts";

/** What `ignore_in_feed` may name. Source: Venus, `planet/config.py` and `planet/spider.py`. */
const IGNORABLE = [
  ..."author category content id language link published rights subtitle summary title updated".split(" "),
];

const TEXT_TYPES: readonly TextType[] = ["text", "html", "xhtml"];
const LIST_TYPES = ["opml", "foaf", "csv", "config"];

type Writable<Type> = { -readonly [Key in keyof Type]?: Type[Key] };

/** The part of a feed's settings that the planet's section may give for all feeds. */
export type SharedFields = Writable<
  Omit<FeedConfig, "url" | "name" | "line" | "link" | "face" | "author" | "readingList" | "values">
>;

export function readSharedFields(fields: Fields<SharedKey>): SharedFields {
  const shared: SharedFields = {};
  setNumbers(shared, fields);
  setTypes(shared, fields);
  const filter = fields.pattern("filter");
  if (filter !== undefined) shared.filter = filter;
  const exclude = fields.pattern("exclude");
  if (exclude !== undefined) shared.exclude = exclude;
  const userAgent = fields.text("user_agent");
  if (userAgent !== undefined) shared.userAgent = userAgent;
  const futureDates = fields.choice("future_dates", ["keep", "ignore_date", "ignore_entry"]);
  if (futureDates !== undefined) shared.futureDates = futureDates;
  const order = fields.choice("order", ["published", "updated"]);
  if (order !== undefined) shared.order = order;
  const ignored = fields.list("ignore_in_feed").map((word) => word.toLowerCase());
  if (ignored.length > 0) shared.ignoreInFeed = knownElements(ignored, fields);
  return shared;
}

function setNumbers(shared: SharedFields, fields: Fields<SharedKey>): void {
  const numbers = [
    ["newFeedItems", "new_feed_items", 0, 500],
    ["keepDays", "keep_days", 0, 3_650],
    ["cacheKeepEntries", "cache_keep_entries", 0, 1_000],
    ["excerpt", "excerpt", 0, 100_000],
    ["timeoutSeconds", "feed_timeout", 1, 120],
    ["faceWidth", "facewidth", 1, 512],
    ["faceHeight", "faceheight", 1, 512],
  ] as const;
  for (const [property, key, lowest, highest] of numbers) {
    const value = fields.number(key, lowest, highest);
    if (value !== undefined) shared[property] = value;
  }
}

function setTypes(shared: SharedFields, fields: Fields<SharedKey>): void {
  const types = [
    ["titleType", "title_type"],
    ["summaryType", "summary_type"],
    ["nameType", "name_type"],
  ] as const;
  for (const [property, key] of types) {
    const value = fields.choice(key, TEXT_TYPES);
    if (value !== undefined) shared[property] = value;
  }
  const contentType = fields.choice("content_type", [...TEXT_TYPES, ...LIST_TYPES]);
  const textType = TEXT_TYPES.find((type) => type === contentType);
  if (textType !== undefined) shared.contentType = textType;
  const base = fields.text("xml_base");
  if (base !== undefined) shared.xmlBase = base;
}

function knownElements(words: readonly string[], fields: Fields<SharedKey>): string[] {
  for (const word of words.filter((candidate) => !IGNORABLE.includes(candidate))) {
    fields.warning(
      "ignore_in_feed",
      "unknown-value",
      `"ignore_in_feed" names ${word}, known are ${IGNORABLE.join(", ")}`,
    );
  }
  return words.filter((word) => IGNORABLE.includes(word));
}
