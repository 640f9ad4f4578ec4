import type { FailureCode } from "../../fetch/errors.ts";

/**
 * What the built-in pages and feeds say in their own words. Templates have it as `words`, docs/theme.md lists it. A word
 * that stands before a name or a date is written so that it can stand before any: `Kept by`, `Betreut von`.
 */
export interface PageWords {
  /** Link for people who do not see the page: leads past its head. */
  readonly skip_to_entries: string;
  /** Name of the links at the head of the page. */
  readonly this_page: string;
  /** Heading of the list of blogs. */
  readonly subscriptions: string;
  /** Link to the planet's feed. */
  readonly follow: string;
  /** When there are no entries. */
  readonly nothing_yet: string;
  /** Then, without blogs. */
  readonly no_blogs: string;
  /** Then, with blogs. */
  readonly wait_for_entries: string;
  /** Before an author: names an entry without a title. */
  readonly entry_by: string;
  /** Link to an entry that has neither title nor date. */
  readonly read_at_source: string;
  /** Before the name of the blog that a collection has an entry from. */
  readonly from: string;
  /** Before the names of other blogs with the same entry. */
  readonly also_in: string;
  /** Name of the list of an entry's categories. */
  readonly topics: string;
  /** Link to the comments. */
  readonly comments: string;
  /** Link to a blog's feed. */
  readonly feed: string;
  /** Before the blog's name: the same for people who do not see the page. */
  readonly feed_of: string;
  /** Link from another page to the front page. */
  readonly all_entries: string;
  /** Heading beside the entries of one blog. */
  readonly this_blog: string;
  /** Link to a blog's own page here. */
  readonly entries: string;
  /** Before the blog's name: the same for people who do not see the page. */
  readonly entries_of: string;
  /** Name of the list of months. */
  readonly archive: string;
  /** Link to entries before these. */
  readonly older_entries: string;
  /** Link to entries after these. */
  readonly newer_entries: string;
  /** Name of the sign beside an entry that leads to where it stands for good. */
  readonly permalink: string;
  /** Heading of the links to the planet's feeds. */
  readonly take_along: string;
  /** Link to feeds.html. */
  readonly state_of_feeds: string;
  /** Before a time. */
  readonly last_updated: string;
  /** Before the owner's name. */
  readonly kept_by: string;
  /** Whose the texts are. */
  readonly belongs_to_author: string;
  /** Title of titles_only.html, after the planet's name. */
  readonly titles: string;
  /** Heading of entries without a date. */
  readonly undated: string;
  /** What the planet is, with one blog; `{name}` is the planet's name. */
  readonly about_one: string;
  /** With several; `{count}` is how many. */
  readonly about_many: string;
  /** Of a feed: its server says that it is gone. */
  readonly gone: string;
  /** Of a feed; `{day}` and `{reason}`. */
  readonly failing_since: string;
  /** Of a feed that is new. */
  readonly not_fetched: string;
  /** Of a feed; `{url}` is where it is now. */
  readonly moved_to: string;
  /** Of a feed without an entry for `{count}` days. */
  readonly no_activity: string;
}

/** What feeds.html and feeds-status.xml say. A label stands before its value or above a column. */
export interface FeedsWords {
  readonly title: string;
  readonly back: string;
  /** Before a time. */
  readonly as_of: string;
  /** `{ok}` of `{all}`. */
  readonly read_of: string;
  readonly failing: string;
  /** Link to feeds-status.xml. */
  readonly follow_failing: string;
  readonly since: string;
  readonly next_try: string;
  readonly last_read: string;
  readonly last_entry: string;
  /** In place of a time. */
  readonly never: string;
  /** Those that do not fail. */
  readonly others: string;
  readonly feed: string;
  readonly address: string;
  readonly edits_refused: string;
  readonly edits_in_effect: string;
  readonly problems: string;
  readonly warnings: string;
  /** `{name}` and `{day}`. */
  readonly failing_feed: string;
}

/** How dates are written. Tables of our own, since the words in Intl's differ between versions of Node. */
export interface DateWords {
  /** January first. */
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  /** Sunday first. */
  readonly weekdays: readonly string[];
  readonly shortWeekdays: readonly string[];
  /** strftime pattern of a time, when planet.ini has none. */
  readonly dateFormat: string;
  /** The same for a month, whatever planet.ini says. */
  readonly monthFormat: string;
  /** The same for a day. */
  readonly newDateFormat: string;
}

/** A language that the built-in pages speak. */
export interface Language {
  readonly words: PageWords;
  readonly feeds: FeedsWords;
  /** Why a feed fails, to stand after a colon; `{status}` is the HTTP status. */
  readonly reasons: Readonly<Record<FailureCode, string>>;
  readonly dates: DateWords;
}
