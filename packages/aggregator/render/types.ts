import type { CleanHtml } from "../text/cleanHtml.ts";
import type { PageWords } from "./words/types.ts";

/**
 * What templates see. Plain data, Venus' names where Venus had one. Everything is text that the template engine escapes,
 * except the fields ending in `_html`, which are sanitised HTML. docs/theme.md shows these comments to people who write
 * templates.
 */

/** A moment, in the forms that templates want. `iso` and `rfc822` are in UTC. */
export interface Moment {
  /** As `date_format` of planet.ini says. */
  readonly text: string;
  /** The zone of `text`: `UTC`, `UTC+1`. */
  readonly zone: string;
  /** For `<time datetime="…">`: `2026-03-01T12:00:00Z`. */
  readonly iso: string;
  /** As RSS writes it: `Sun, 01 Mar 2026 12:00:00 +0000`. */
  readonly rfc822: string;
}

/** One subscription. */
export interface ChannelModel {
  /** Its name in planet.ini. */
  readonly name: string;
  /** The feed's address. */
  readonly url: string;
  /** The blog's address, or empty. */
  readonly link: string;
  /** Its own page here, `feed/jane-example-1a2b3c4d.html`. */
  readonly page: string;
  /** Its entries as a feed of the planet, `feed/jane-example-1a2b3c4d.xml`. */
  readonly page_feed: string;
  /** The feed's own title, or empty. */
  readonly title: string;
  /** The feed's own subtitle, or empty. */
  readonly subtitle: string;
  /** File of the face below the page, `images/jane.png`, or empty. */
  readonly face: string;
  /** In pixels; 0 without a face. */
  readonly face_width: number;
  /** In pixels; 0 without a face. */
  readonly face_height: number;
  /** First letter of the name: the stand-in for a face. */
  readonly initial: string;
  /** 0 to 7, always the same for one feed: a colour for that letter. */
  readonly tone: number;
  /** Why this feed shows nothing new, in words; empty when all is well. */
  readonly message: string;
  /** `ok`, `inactive`, `failing`, `moved`, `gone` or `never` (not fetched yet). */
  readonly state: string;
  /** Date of its newest entry. */
  readonly last_updated: Moment | null;
  /** The keys of its section in planet.ini, so that templates may have their own. `email` and `contact` are left out. */
  readonly values: Readonly<Record<string, string>>;
}

/** A file that belongs to an entry: a podcast's sound, for example. */
export interface EnclosureModel {
  /** Its address. */
  readonly url: string;
  /** Last part of the address. */
  readonly name: string;
  /** `audio/mpeg`, or empty. */
  readonly type: string;
  /** In bytes; 0 when the feed does not say. */
  readonly length: number;
}

/** A topic of an entry. */
export interface TopicModel {
  /** As the entry's feed writes it. */
  readonly name: string;
  /** `category/python.html`; empty when planet.ini gives the category no page. */
  readonly page: string;
}

/** One entry. */
export interface ItemModel {
  /** Never changes: what feed readers know the entry by. */
  readonly id: string;
  /** Never changes: the `id` of its element, so that `#e-…` leads to it. */
  readonly anchor: string;
  /** Where it stands for good: `archive/2026-11.html#e-…`. Empty for one too old to be in the archive. */
  readonly permalink: string;
  /** The title as plain text, or empty. */
  readonly title: string;
  /** The title with emphasis and code kept. */
  readonly title_html: CleanHtml;
  /** The entry's page; without one, the blog's; without that, empty. */
  readonly link: string;
  /** The text. With `excerpt` in planet.ini, its beginning. */
  readonly content_html: CleanHtml;
  /** The feed's summary or the beginning of the text, up to 400 characters. */
  readonly summary: string;
  /** Who wrote it, `Ann, Bob`; without a name in the feed, the channel's. */
  readonly author: string;
  /** The same, one by one. */
  readonly authors: readonly string[];
  /** The first author's page, or empty. */
  readonly author_uri: string;
  /** The date to show. Nothing when no date is known. */
  readonly date: Moment | null;
  /** The date as it stands below the heading of the day: the time of day, or the whole date of another day. Empty without either. */
  readonly when: string;
  /** What the feed says. */
  readonly published: Moment | null;
  /** What the feed says. */
  readonly updated: Moment | null;
  /** The day that it stands under, `2026-03-01`, or empty. Another than that of a date in the future. */
  readonly day: string;
  /** A language tag, `de`, or empty. */
  readonly language: string;
  /** `rtl` for languages that are written from right to left, else `auto`. */
  readonly dir: string;
  /** Its topics. */
  readonly categories: readonly string[];
  /** The same with their pages. */
  readonly topics: readonly TopicModel[];
  /** Its files. */
  readonly enclosures: readonly EnclosureModel[];
  /** Address of the comments, or empty. */
  readonly comments: string;
  /** Address of a picture that the feed gives beside the text, or empty. */
  readonly image: string;
  /** The feed's word on rights, or empty. */
  readonly rights: string;
  /** Names of other channels that have the same entry. */
  readonly also_in: readonly string[];
  /** Where a feed that is itself a collection has it from, or empty. */
  readonly source_title: string;
  /** Its address, or empty. */
  readonly source_link: string;
  /** Its channel. */
  readonly channel: ChannelModel;
}

/** Consecutive entries of one channel. */
export interface GroupModel {
  /** Whose entries these are. */
  readonly channel: ChannelModel;
  /** Newest first. */
  readonly items: readonly ItemModel[];
}

/** The entries of one day. */
export interface DayModel {
  /** `2026-03-01`, or empty for entries without a date. */
  readonly iso: string;
  /** As `new_date_format` of planet.ini says; `words.undated` without a date. */
  readonly text: string;
  /** In the order of the page. */
  readonly groups: readonly GroupModel[];
}

/** A text of the editors' own, from a Markdown file. */
export interface TextModel {
  /** Its first heading; without one, the name of the file. */
  readonly title: string;
  /** `about.html`. */
  readonly page: string;
}

/** A category that planet.ini gives a page. */
export interface CategoryModel {
  /** As planet.ini writes it. */
  readonly name: string;
  /** `category/python.html`. */
  readonly page: string;
  /** Its Atom feed: `category/python.xml`. */
  readonly feed: string;
}

/** The whole page. */
export interface PageModel {
  /** The planet's name. */
  readonly name: string;
  /** What the planet is, in a line: `description` of planet.ini, else `Planet of the Harbour: 2 blogs on one page`. */
  readonly about: string;
  /** The planet's address with a slash at its end, or empty. */
  readonly link: string;
  /** Who keeps it, or empty. */
  readonly owner_name: string;
  /** Language of the page: `en`, or the locale of planet.ini. */
  readonly language: string;
  /** `rtl` or `ltr`. */
  readonly dir: string;
  /** Address of the planet's feed for people to follow: `atom.xml`, or `feed` of planet.ini. */
  readonly feed: string;
  /** File of the picture beside the name; empty: the built-in mark; `none`: planet.css draws one. */
  readonly logo: string;
  /** `generator` of planet.ini, else `Planet`. */
  readonly generator: string;
  /** `generator_uri` of planet.ini, or empty. */
  readonly generator_uri: string;
  /** `pubsubhubbub_hub` of planet.ini, or empty. */
  readonly hub: string;
  /** The newest fetch that changed something. */
  readonly last_updated: Moment | null;
  /** The entries by day and channel, newest first. */
  readonly days: readonly DayModel[];
  /** The same entries in one list. */
  readonly items: readonly ItemModel[];
  /** Where the entries before these are listed: `archive/2026-11.html#e-…`. Empty when there are none. */
  readonly older: string;
  /** Address of the list of months: `archive/index.html`. */
  readonly archive: string;
  /** Those that planet.ini gives a page, in its order. */
  readonly categories: readonly CategoryModel[];
  /** The pages that are made from Markdown files, `about.md` first. */
  readonly texts: readonly TextModel[];
  /** All subscriptions by name. */
  readonly channels: readonly ChannelModel[];
  /** How many of them are not `ok`. */
  readonly troubled: number;
  /** What the built-in pages say, in the planet's language: `{{ words.comments }}`. [All of them](#words). */
  readonly words: PageWords;
}
