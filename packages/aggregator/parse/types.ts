/** The one shape that every feed format is brought to. Plain JSON: it is cached and crosses a thread boundary. */

/** Text as the feed gave it, not yet sanitised. */
export interface TextConstruct {
  readonly kind: "text" | "html";
  readonly value: string;
  /** Innermost xml:base, when the feed has one; still relative to nothing: already resolved. */
  readonly base?: string | undefined;
}

/** A file that belongs to an entry. */
export interface Enclosure {
  readonly url: string;
  readonly type?: string | undefined;
  readonly length?: number | undefined;
}

/** A picture that an entry has beside its text. */
export interface Picture {
  readonly url: string;
  readonly alt?: string | undefined;
  /** It stands for the entry: shown only where the text has no picture. */
  readonly isPreview?: boolean | undefined;
}

/** Times are epoch milliseconds; URLs are absolute http(s). */
export interface ParsedEntry {
  readonly id?: string | undefined;
  readonly link?: string | undefined;
  readonly title?: TextConstruct | undefined;
  readonly content?: TextConstruct | undefined;
  readonly summary?: TextConstruct | undefined;
  /** All of them: `Ann, Bob`. */
  readonly author?: string | undefined;
  /** The same, one by one. */
  readonly authors?: readonly string[] | undefined;
  readonly authorUri?: string | undefined;
  readonly published?: number | undefined;
  readonly updated?: number | undefined;
  readonly categories: readonly string[];
  readonly enclosures: readonly Enclosure[];
  readonly pictures?: readonly Picture[] | undefined;
  readonly image?: string | undefined;
  readonly comments?: string | undefined;
  readonly language?: string | undefined;
  readonly rights?: string | undefined;
  readonly sourceTitle?: string | undefined;
  readonly sourceLink?: string | undefined;
}

/** One subscription of a reading list. */
export interface Outline {
  readonly url: string;
  readonly name: string;
  readonly link?: string | undefined;
}

/** A whole feed. */
export interface ParsedFeed {
  readonly format: "rss" | "atom" | "rdf" | "json" | "opml";
  readonly id?: string | undefined;
  readonly title?: TextConstruct | undefined;
  readonly subtitle?: TextConstruct | undefined;
  readonly link?: string | undefined;
  readonly selfLink?: string | undefined;
  readonly author?: string | undefined;
  readonly language?: string | undefined;
  readonly rights?: string | undefined;
  readonly icon?: string | undefined;
  readonly updated?: number | undefined;
  /** How long the feed asks readers to wait (`ttl`, `sy:updatePeriod`). */
  readonly waitMs?: number | undefined;
  readonly entries: readonly ParsedEntry[];
  /** What a reading list subscribes to; only in OPML, which has no entries. */
  readonly outlines?: readonly Outline[] | undefined;
  /** How many subscriptions were left out, as they have no usable address or are too many. */
  readonly skipped?: number | undefined;
  /** The document was broken and read in a second attempt. */
  readonly repaired: boolean;
}
