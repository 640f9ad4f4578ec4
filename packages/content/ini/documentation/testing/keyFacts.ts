import type { BOTH_SECTIONS, FEED_SECTION, PLANET_SECTION } from "../../keys.ts";

/** What docs/planet-ini.md says of a key. planetIniPage.test.ts compares all of it but the words with the reader. */
export interface KeyFacts {
  /** Which planet software has it; Venus has what Planet 2.0 had. Source: Venus' docs/config.html. */
  readonly since: "Planet" | "Venus" | "Pluto" | "other planets" | "this one";
  /** As it would be written; empty counts as absent. */
  readonly default: string;
  /** What the default means, where its spelling does not say it. */
  readonly defaultWords?: string;
  /** Legal numbers. Others are moved to the nearest one, with a warning. */
  readonly range?: readonly [lowest: number, highest: number];
  readonly example: string;
  readonly meaning: string;
  /** `data`: only handed on as it is written. `nothing`: known, so that nobody is warned, and without effect. */
  readonly effect?: "data" | "nothing";
}

export const PLANET_FACTS: Record<keyof typeof PLANET_SECTION, KeyFacts> = {
  name: {
    since: "Planet",
    default: "Unconfigured Planet",
    example: "Planet of the Harbour",
    meaning: "The planet's name.",
  },
  link: {
    since: "Planet",
    default: "",
    example: "http://planet.example.org/",
    meaning:
      "The planet's own address. Without it the feeds have no address of their own, and the reader warns. " +
      "A slash at the end is added, `index.html` at the end is dropped. Without a scheme it is read as `http:`, with a warning.",
  },
  owner_name: {
    since: "Planet",
    default: "",
    example: "The harbour's editors",
    meaning: "Who keeps the planet. Without it, the page names nobody.",
  },
  owner_email: {
    since: "Planet",
    default: "",
    example: "editors@planet.example.org",
    meaning: "Their address. It is shown in the feeds and in classic templates, and only with `emails = yes`.",
  },
  emails: {
    since: "this one",
    default: "",
    defaultWords: "no",
    example: "yes",
    meaning: "`yes` publishes `owner_email`. Anything else does not.",
    effect: "data",
  },
  items_per_page: {
    since: "Planet",
    default: "60",
    range: [1, 500],
    example: "40",
    meaning: "Maximum number of entries on the page and in the feeds.",
  },
  days_per_page: {
    since: "Planet",
    default: "0",
    defaultWords: "`0`: no limit",
    range: [0, 36_500],
    example: "14",
    meaning:
      "Whole days (of `timezone`) on the page, counted back from the newest entry. The stricter of the two limits counts.",
  },
  categories: {
    since: "this one",
    default: "",
    example: "Python, Web design",
    meaning:
      "Categories that have a page and a feed of their own, separated by commas or lines: `category/python.html` and `.xml`, " +
      "with the newest entries whose feeds give them that category, whatever its capital letters. At most 50.",
  },
  date_format: {
    since: "Planet",
    default: "",
    defaultWords: "as the language writes it; English: `%B %d, %Y %I:%M %p`",
    example: "%d %B %Y, %H:%M",
    meaning: "How the time of an entry is written: [directives](#dates).",
  },
  new_date_format: {
    since: "Planet",
    default: "",
    defaultWords: "as the language writes it; English: `%B %d, %Y`",
    example: "%A, %d %B %Y",
    meaning: "How a day is written, in the page's headings and in messages about feeds.",
  },
  locale: {
    since: "Planet",
    default: "",
    defaultWords: "English",
    example: "de_AT.UTF-8",
    meaning:
      "Language of the built-in pages, of dates and of the sort order, as BCP 47 (`de-AT`) or POSIX writes it. The pages have " +
      "words in Arabic, Chinese, English, French, German, Japanese, Portuguese and Spanish, for other languages in English.",
  },
  timezone: {
    since: "this one",
    default: "UTC",
    example: "Europe/Berlin",
    meaning:
      "Zone of the days and times on the page, by its [IANA name](https://www.iana.org/time-zones). The feeds always say UTC.",
  },
  activity_threshold: {
    since: "Planet",
    default: "0",
    defaultWords: "`0`: off",
    range: [0, 36_500],
    example: "90",
    meaning: "Days without an entry after which a feed is called inactive in the list of subscriptions.",
  },
  report_after: {
    since: "this one",
    default: "7",
    range: [1, 3_650],
    example: "3",
    meaning:
      "Days after which a failing feed is [reported to the editors](operating.md#a-feed-fails): in `planet status`, status.json " +
      "and feeds-status.xml.",
  },
  spider_threads: {
    since: "Venus",
    default: "0",
    defaultWords: "`0`: 12",
    range: [0, 32],
    example: "4",
    meaning: "How many feeds are fetched at the same time; never more than two from one host.",
  },
  template_files: {
    since: "Planet",
    default: "",
    example: "index.html.tmpl sidebar.liquid",
    meaning:
      "Templates that an editor may upload to the bucket although no deploy has published them. A published template " +
      "is used without being named here. Templates in languages that run code (`.py .xslt .genshi .dj`) are never used.",
  },
  bill_of_materials: {
    since: "Venus",
    default: "",
    example: "images/#{face} images/logo.png",
    meaning:
      "Further files that an editor may upload to the bucket. `#{key}` stands for the value of that key in each feed. " +
      "Published files need no mention.",
  },
  feed: {
    since: "Venus",
    default: "",
    defaultWords: "`atom.xml`",
    example: "https://feeds.example.org/planet.xml",
    meaning: "The address of the feed that the page offers to subscribe to.",
  },
  generator: {
    since: "Venus",
    default: "",
    defaultWords: "`Planet`",
    example: "Harbour Press",
    meaning: "Named on the page and in the feeds.",
  },
  generator_uri: {
    since: "Venus",
    default: "",
    example: "https://press.example.org/",
    meaning: "Its address, in the Atom feed.",
  },
  pubsubhubbub_hub: {
    since: "Venus",
    default: "",
    example: "https://hub.example.org/",
    meaning: "A WebSub hub. The page and `atom.xml` name it; the server does not notify it.",
  },
  encoding: {
    since: "Planet",
    default: "utf-8",
    example: "UTF-8",
    meaning: "Everything is written in UTF-8. Any other word gets a warning.",
    effect: "nothing",
  },
  log_level: {
    since: "Planet",
    default: "WARNING",
    example: "DEBUG",
    meaning: "The server has one log, its journal.",
    effect: "nothing",
  },
  description: {
    since: "other planets",
    default: "",
    defaultWords: "the number of blogs",
    example: "Blogs around the harbour",
    meaning: "What the planet is, in a line: in rss20.xml, and where search engines and social networks show the page.",
  },
};

export const BOTH_FACTS: Record<keyof typeof BOTH_SECTIONS, KeyFacts> = {
  filter: {
    since: "Planet",
    default: "",
    example: "(?:harbour|Harbour)",
    meaning:
      "Regular expressions, one a line (JavaScript's or Python's, at most 1,024 characters each; `(?i)` at the beginning " +
      "ignores case). Only entries are shown whose title, text or categories match each of them.",
  },
  exclude: {
    since: "Planet",
    default: "",
    example: "[Ss]ponsored",
    meaning: "The same; entries that match one of them are not shown.",
  },
  new_feed_items: {
    since: "Planet",
    default: "0",
    defaultWords: "`0`: no limit",
    range: [0, 500],
    example: "5",
    meaning: "Maximum number of entries of one feed on the page.",
  },
  excerpt: {
    since: "this one",
    default: "0",
    defaultWords: "`0`: all",
    range: [0, 100_000],
    example: "600",
    meaning: "Characters of an entry's text to show, as plain text.",
  },
  keep_days: {
    since: "this one",
    default: "30",
    range: [0, 3_650],
    example: "7",
    meaning: "Days for which the last good entries of a failing feed stay on the page; `0`: forever.",
  },
  cache_keep_entries: {
    since: "Venus",
    default: "10",
    range: [0, 1_000],
    example: "50",
    meaning:
      "Entries kept of a feed beyond `items_per_page`, also when the feed has them no more: [entries.md](entries.md).",
  },
  feed_timeout: {
    since: "Planet",
    default: "20",
    range: [1, 120],
    example: "60",
    meaning: "Seconds for fetching a feed, redirects included.",
  },
  user_agent: {
    since: "this one",
    default: "",
    defaultWords: "name and link of the planet",
    example: "HarbourPlanet/2 (+http://planet.example.org/)",
    meaning: "How the server introduces itself to blogs.",
  },
  future_dates: {
    since: "Venus",
    default: "keep",
    example: "ignore_entry",
    meaning:
      "What to do with entries that are dated in the future: `keep` them, `ignore_date`, or `ignore_entry`. None of them holds " +
      "the top of the page.",
  },
  order: {
    since: "this one",
    default: "published",
    example: "updated",
    meaning:
      "`published`: an entry stays where it was first seen. `updated`: a later date of change moves it up, and is shown, as in Venus.",
  },
  ignore_in_feed: {
    since: "Venus",
    default: "",
    example: "updated author",
    meaning:
      "Elements that are ignored, as if the feed had none: `author category content id language link published " +
      "rights subtitle summary title updated`.",
  },
  title_type: {
    since: "Venus",
    default: "",
    defaultWords: "what the feed says",
    example: "html",
    meaning: "How titles are read when the feed declares their type wrongly: `text`, `html` or `xhtml`.",
  },
  summary_type: {
    since: "Venus",
    default: "",
    defaultWords: "what the feed says",
    example: "html",
    meaning: "The same for summaries.",
  },
  content_type: {
    since: "Venus",
    default: "",
    defaultWords: "what the feed says",
    example: "html",
    meaning: "The same for contents. `opml`, in a feed's section, makes it a [reading list](#reading-lists).",
  },
  name_type: {
    since: "Venus",
    default: "",
    defaultWords: "`text`",
    example: "html",
    meaning: "The same for names of authors.",
  },
  xml_base: {
    since: "Venus",
    default: "",
    defaultWords: "what the feed says",
    example: "entry_alternate",
    meaning:
      "What relative addresses in entries are relative to: `feed_alternate` (the blog), `entry_alternate` (the entry), or a URL.",
  },
  facewidth: {
    since: "Planet",
    default: "",
    defaultWords: "48 for the longer side",
    range: [1, 512],
    example: "64",
    meaning: "Width of the face in pixels.",
  },
  faceheight: {
    since: "Planet",
    default: "",
    defaultWords: "48 for the longer side",
    range: [1, 512],
    example: "64",
    meaning: "Height of the face in pixels.",
  },
};

export const FEED_FACTS: Record<keyof typeof FEED_SECTION, KeyFacts> = {
  name: {
    since: "Planet",
    default: "a.example",
    defaultWords: "the host of the URL",
    example: "Jane",
    meaning: "Shown name.",
  },
  feed: {
    since: "Pluto",
    default: "",
    defaultWords: "the section's name",
    example: "https://b.example/atom.xml",
    meaning: "The feed's URL, in a section whose name is a word.",
  },
  link: {
    since: "Venus",
    default: "",
    defaultWords: "what the feed says",
    example: "https://jane.example/",
    meaning: "The blog's address. Without a scheme it is read as `http:`, with a warning.",
  },
  face: {
    since: "Planet",
    default: "",
    example: "jane.png",
    meaning:
      "A picture: the bare name of a file in `images/`, PNG, JPEG, GIF or WebP, at most 512 pixels and 200 KB. " +
      "A picture elsewhere (a URL) is never shown: its host would learn of every reader.",
  },
  author: {
    since: "Pluto",
    default: "",
    defaultWords: "the feed's name",
    example: "Jane Doe",
    meaning: "The author of entries that name none. Handles alone (`irc:jd`, `member`) are no name.",
  },
  nick: { since: "other planets", default: "", example: "jd", meaning: "For templates.", effect: "data" },
  twitter: { since: "other planets", default: "", example: "jd", meaning: "For templates.", effect: "data" },
  location: { since: "Pluto", default: "", example: "Hamburg", meaning: "For templates.", effect: "data" },
  email: {
    since: "Pluto",
    default: "",
    example: "jane@jane.example",
    meaning: "For the editors. Never published by the page; the file itself is public.",
    effect: "data",
  },
  contact: {
    since: "this one",
    default: "",
    example: "jane@jane.example",
    meaning: "As `email`.",
    effect: "data",
  },
};
