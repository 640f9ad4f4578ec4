/**
 * Which keys a planet.ini knows: the one table of the reader, the editor and docs/planet-ini.md. Sources: Venus'
 * documentation, pluto-models' `update_from` readers, and 24 public files.
 */

interface KnownKey {
  /** How Pluto spells it. */
  readonly pluto?: readonly string[];
}

type Keys = Readonly<Record<string, KnownKey>>;

/** In the planet's section alone. */
export const PLANET_SECTION = {
  name: { pluto: ["title"] },
  link: { pluto: ["url", "source"] },
  owner_name: { pluto: ["author", "owner"] },
  owner_email: { pluto: ["email"] },
  emails: {},
  items_per_page: {},
  days_per_page: {},
  categories: {},
  date_format: {},
  new_date_format: {},
  locale: {},
  timezone: {},
  activity_threshold: {},
  report_after: {},
  spider_threads: {},
  template_files: {},
  bill_of_materials: {},
  feed: {},
  generator: {},
  generator_uri: {},
  pubsubhubbub_hub: {},
  encoding: {},
  log_level: {},
  description: {},
} as const satisfies Keys;

/** In a feed's section and, as a default for all feeds, in the planet's. */
export const BOTH_SECTIONS = {
  filter: { pluto: ["includes", "include"] },
  exclude: { pluto: ["excludes"] },
  new_feed_items: {},
  excerpt: {},
  keep_days: {},
  cache_keep_entries: {},
  feed_timeout: {},
  user_agent: {},
  future_dates: {},
  order: {},
  ignore_in_feed: {},
  title_type: {},
  summary_type: {},
  content_type: {},
  name_type: {},
  xml_base: {},
  facewidth: {},
  faceheight: {},
} as const satisfies Keys;

/** In a feed's section alone. Any other key is legal there: templates get it. */
export const FEED_SECTION = {
  name: { pluto: ["title"] },
  feed: { pluto: ["feed_url", "xml_url"] },
  link: { pluto: ["url", "html_url"] },
  face: { pluto: ["avatar"] },
  author: { pluto: ["owner"] },
  nick: {},
  twitter: {},
  location: {},
  email: {},
  contact: {},
} as const satisfies Keys;

export type SharedKey = keyof typeof BOTH_SECTIONS;
export type PlanetKey = SharedKey | keyof typeof PLANET_SECTION;
export type FeedKey = SharedKey | keyof typeof FEED_SECTION;

export const PLANET_KEYS: ReadonlySet<string> = new Set(Object.keys({ ...BOTH_SECTIONS, ...PLANET_SECTION }));
export const FEED_KEYS: ReadonlySet<string> = new Set(Object.keys({ ...BOTH_SECTIONS, ...FEED_SECTION }));

const OWN_PATHS = "the server owns its paths and its log";
const NO_PROGRAMS = "programs are never executed; use excerpt, filter or exclude";
/** What does the work of a filter program of Venus. Source: Venus, `filters/`. */
const INSTEAD_OF_PROGRAM: ReadonlyMap<string, string> = new Map([
  ["excerpt", "use `excerpt`"],
  ["regexp_sifter", "use `filter` and `exclude`"],
  ["xpath_sifter", "use `filter` and `exclude`"],
  ["filter_categories", "use `filter`, which also matches categories"],
  ["notweets", "use `exclude`"],
  ["minhead", "not needed: headings in entries are below the page's"],
  ["xhtml2html", "not needed"],
  ["html2xhtml", "not needed"],
  ["rebase", "use `xml_base`"],
]);

/** Accepted in the planet's section without effect, each with the reason that the warning gives. */
export const IGNORED_KEYS: ReadonlyMap<string, string> = new Map([
  ["template_directories", OWN_PATHS],
  ["cache_directory", OWN_PATHS],
  ["output_dir", OWN_PATHS],
  ["http_cache_directory", OWN_PATHS],
  ["log_format", OWN_PATHS],
  ["django_autoescape", OWN_PATHS],
  ["output_theme", "put the theme's templates, style sheets and pictures into site/"],
  ["pubsubhubbub_feeds", "the page and atom.xml name the hub"],
  ["feedtype", "the page offers atom.xml"],
  ["filters", NO_PROGRAMS],
  ["filter_directories", NO_PROGRAMS],
]);

/** Why a key has no effect; undefined when it has one, or when nobody knows the key. */
export function whyIgnored(key: string, value: string): string | undefined {
  if (key === "filters" && value !== "") return `${NO_PROGRAMS} (${value.split(/\s+/).map(insteadOf).join("; ")})`;
  return IGNORED_KEYS.get(key) ?? (/^cache_\w+_directory$/.test(key) ? "the server owns its paths" : undefined);
}

/** `excerpt.py?omit=img`: use `excerpt`. */
export function insteadOf(program: string): string {
  const name = program.replace(/\?.*$/s, "").replace(/^.*\//s, "");
  const advice = INSTEAD_OF_PROGRAM.get(name.replace(/\.\w+$/, ""));
  return `${name}: ${advice ?? "nothing here does the same"}`;
}

/** Pluto's spellings, by ours. */
const PLUTO_PLANET = spellings(PLANET_SECTION);
/** `charset` is template data as any free key is, under the name that it has elsewhere. */
const PLUTO_FEED = spellings({ ...BOTH_SECTIONS, ...FEED_SECTION, encoding: { pluto: ["charset"] } });

export const plutoFeedKey = (key: string): string => PLUTO_FEED.get(key) ?? key;
export const plutoPlanetKey = (key: string): string => PLUTO_PLANET.get(key) ?? key;

function spellings(keys: Keys): ReadonlyMap<string, string> {
  return new Map(Object.entries(keys).flatMap(([key, { pluto = [] }]) => pluto.map((word) => [word, key] as const)));
}
