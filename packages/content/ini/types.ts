/** Shapes of a read planet.ini. Whoever renders or fetches sees only these; nobody but ini/ sees the text. */

/** What `future_dates` may say: entries dated in the future are kept, lose their date, or are left out. */
type FutureDates = "keep" | "ignore_date" | "ignore_entry";

/** How a text construct is to be read when the feed is wrong about it. */
export type TextType = "text" | "html" | "xhtml";

/** One problem of a planet.ini, printed as `file:line: level: text`. Line 0 is the whole file. */
export interface IniProblem {
  readonly line: number;
  readonly level: "error" | "warning";
  /** For machines, stable: `unknown-key`, `duplicate-feed` … */
  readonly code: string;
  readonly text: string;
}

/** One subscription. Values of `[DEFAULT]` and the planet's own defaults are already merged in. */
export interface FeedConfig {
  /** Absolute http(s) URL as written in the file (`feed:` already turned into http). */
  readonly url: string;
  /** Display name; the URL's host when the file gives none. */
  readonly name: string;
  /** Line of the section header, counted from 1. */
  readonly line: number;
  /** Home page, overrides the feed's own. */
  readonly link?: string;
  /** Bare file name under images/, or an absolute http(s) URL (Pluto). */
  readonly face?: string;
  readonly faceWidth?: number;
  readonly faceHeight?: number;
  readonly author?: string;
  /** Most entries of this feed on a page; absent: no cap. */
  readonly newFeedItems?: number;
  /** Patterns for `readPatterns`: an entry is kept only if each matches its title, text or categories. */
  readonly filter?: string;
  /** An entry is left out if one of these matches. */
  readonly exclude?: string;
  readonly userAgent?: string;
  /** Days after which the entries of a failing feed are dropped; 0: never. @defaultValue 30 */
  readonly keepDays: number;
  /** Entries kept beyond the page's window. @defaultValue 10 */
  readonly cacheKeepEntries: number;
  /** Characters of content shown; 0: all. @defaultValue 0 */
  readonly excerpt: number;
  readonly futureDates: FutureDates;
  /** `updated`: an entry that its author changes stands where the change does. @defaultValue `published` */
  readonly order: "published" | "updated";
  /** Total time of one fetch, 1 to 120 s. */
  readonly timeoutSeconds: number;
  /** Elements that are treated as if the feed did not have them. */
  readonly ignoreInFeed: readonly string[];
  readonly titleType?: TextType;
  readonly summaryType?: TextType;
  readonly contentType?: TextType;
  /** How names of authors are written. Absent: as plain text. */
  readonly nameType?: TextType;
  /** `feed_alternate`, `entry_alternate` or a URL. */
  readonly xmlBase?: string;
  /** True when the section is a reading list (OPML) and not a feed. */
  readonly readingList: boolean;
  /** The reading list that names it, and not planet.ini. */
  readonly listedIn?: string;
  /** Every key of the section and of `[DEFAULT]`, lower case; templates get them as `channel_<key>`. */
  readonly values: ReadonlyMap<string, string>;
}

/** A whole planet.ini. Numbers are already clamped to their legal range. */
export interface PlanetConfig {
  readonly name: string;
  /** What it is, in a line, or empty. */
  readonly description: string;
  /** Absolute URL of the planet with a trailing slash, or empty: then no self links are made. */
  readonly link: string;
  readonly ownerName: string;
  readonly ownerEmail: string;
  /** 1 to 500. @defaultValue 60 */
  readonly itemsPerPage: number;
  /** Categories that have a page, as the file writes them, each once. At most 50. */
  readonly categories: readonly string[];
  /** Days counted back from the newest entry; 0: off. */
  readonly daysPerPage: number;
  /** strftime; empty: as the language writes it. */
  readonly dateFormat: string;
  /** The same for a day. */
  readonly newDateFormat: string;
  /** BCP 47, for Intl; `en-US` for C and POSIX. */
  readonly locale: string;
  /** By its name at IANA, for Intl. @defaultValue UTC */
  readonly timezone: string;
  /** Days without an entry after which a feed is shown as inactive; 0: off. */
  readonly activityThreshold: number;
  /** Days after which a failing feed is reported to the editors. @defaultValue 7 */
  readonly reportAfter: number;
  /** Planet-wide cap of entries per feed; 0: none. */
  readonly newFeedItems: number;
  /** 1 to 32. @defaultValue 12 */
  readonly parallelFeeds: number;
  /** Bare names of own templates; empty: the built-in set. */
  readonly templateFiles: readonly string[];
  /** Files copied to the site, `#{key}` already expanded over all feeds, sorted, no duplicates. */
  readonly billOfMaterials: readonly string[];
  readonly pubsubhubbubHub: string;
  /** Feed URL offered on the page when not the default one. */
  readonly feed: string;
  readonly generator: string;
  readonly generatorUri: string;
  /** In the order of the file. */
  readonly feeds: readonly FeedConfig[];
  /** Every key of the planet's section, lower case. */
  readonly values: ReadonlyMap<string, string>;
}
