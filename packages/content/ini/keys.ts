/** Which keys a planet.ini knows. Sources: Venus' documentation and 24 public files. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keys that work in a feed section and, as a default for all feeds, in the planet's section. */
const SHARED_KEYS = words(`
  cache_keep_entries filter exclude future_dates ignore_in_feed title_type summary_type content_type name_type xml_base
  user_agent keep_days excerpt new_feed_items facewidth faceheight feed_timeout`);

export const PLANET_KEYS: ReadonlySet<string> = new Set([
  ...SHARED_KEYS,
  ...words(`
    name link owner_name owner_email items_per_page days_per_page date_format new_date_format encoding locale log_level
    activity_threshold spider_threads feed feedtype generator generator_uri template_files output_theme bill_of_materials
    pubsubhubbub_hub pubsubhubbub_feeds emails description`),
]);

/** Accepted in the planet's section without effect, each with the reason that the warning gives. */
export const IGNORED_KEYS: ReadonlyMap<string, string> = new Map([
  ...words(`template_directories cache_directory output_dir http_cache_directory log_format django_autoescape`).map(
    (key) => [key, "the server owns its paths and its log"] as const,
  ),
  ...words("filters filter_directories").map(
    (key) => [key, "programs are never executed; use excerpt, filter or exclude"] as const,
  ),
]);

export const FEED_KEYS: ReadonlySet<string> = new Set([
  ...SHARED_KEYS,
  ...words("name face link nick twitter author location email contact feed"),
]);

/** Pluto's spellings, by ours. Source: pluto-models' `update_from` readers. */
const PLUTO_FEED: ReadonlyMap<string, string> = new Map([
  ["title", "name"],
  ["feed_url", "feed"],
  ["xml_url", "feed"],
  ["url", "link"],
  ["html_url", "link"],
  ["owner", "author"],
  ["avatar", "face"],
  ["includes", "filter"],
  ["include", "filter"],
  ["excludes", "exclude"],
  ["charset", "encoding"],
]);

const PLUTO_PLANET: ReadonlyMap<string, string> = new Map([
  ["title", "name"],
  ["url", "link"],
  ["source", "link"],
  ["author", "owner_name"],
  ["owner", "owner_name"],
  ["email", "owner_email"],
]);

export const plutoFeedKey = (key: string): string => PLUTO_FEED.get(key) ?? key;
export const plutoPlanetKey = (key: string): string => PLUTO_PLANET.get(key) ?? key;
