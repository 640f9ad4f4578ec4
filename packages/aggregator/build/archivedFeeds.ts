import { type FeedConfig, type PlanetConfig, sha256Of } from "@planet/content";
import type { ArchivedFeed } from "../archive/feedArchive.ts";
import { feedKey } from "../archive/keys.ts";
import { LIMITS, languageOf, webAddress } from "../archive/monthFile.ts";
import type { Places } from "../archive/parts.ts";
import type { ArchivedEntry } from "../archive/types.ts";
import type { Entry } from "../entry/types.ts";
import { groupBy } from "../groupBy.ts";
import type { ShownEntry } from "../render/model.ts";
import { plainName } from "../sanitize/text.ts";
import { htmlOfText } from "../text/cleanHtml.ts";
import { cleanTitles } from "./cleanTexts.ts";
import { withTexts } from "./entryTexts.ts";
import type { FeedRecord, FeedRecords } from "./feedRecord.ts";
import type { ReaderPool } from "./worker/readerPool.ts";

/** Raised when the same entry gives other words to the archive. */
const SCHEMA = 1;

/** In the order of planet.ini. */
interface Feeds {
  readonly configs: readonly FeedConfig[];
  readonly current: readonly FeedRecord[];
  /** What each has. */
  readonly collected: readonly (readonly Entry[])[];
}

interface Sources {
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
  readonly now: number;
}

/**
 * What each feed gives to the archive. One that planet.ini has under two spellings is one.
 * @param sorted all entries that the planet shows
 */
export function archivedFeeds(
  { configs, current, collected }: Feeds,
  sorted: readonly Entry[],
  sources: Sources,
): ArchivedFeed[] {
  const shown = groupBy(sorted, ({ channel }) => channel.index);
  const spellings = groupBy(configs.keys(), (index) => feedKey((configs[index] as FeedConfig).url));
  return [...spellings].map(([key, indices]) => {
    const entries = indices.flatMap((index) => shown.get(index) ?? []);
    return {
      key,
      stamp: stampOf(
        indices.map((index) => [rulesOf(configs[index] as FeedConfig), current[index]?.changedAt]),
        entries,
      ),
      shown: entries,
      own: indices.flatMap((index) => collected[index] ?? []),
      read: () => archivedEntries(key, entries, sources),
    };
  });
}

/** Where feeds stand in planet.ini, by the key that the archive knows them by. */
export function placesOf({ feeds }: PlanetConfig): Places {
  const places = new Map<string, number>();
  for (const { url } of feeds) if (!places.has(feedKey(url))) places.set(feedKey(url), places.size);
  return places;
}

const rulesOf = ({ values: _values, line: _line, ...rules }: FeedConfig) => rules;

function stampOf(rules: unknown, entries: readonly Entry[]): string {
  const places = entries.map(({ id, order, date, seen, index }) => [id, order, date, seen, index]);
  return sha256Of(JSON.stringify([SCHEMA, rules, places])).slice(0, 16);
}

async function archivedEntries(
  feed: string,
  entries: readonly Entry[],
  { records, readers, now }: Sources,
): Promise<ArchivedEntry[]> {
  const known = entries.filter(({ id }) => id.length <= LIMITS.id);
  const cleaned = await cleanTitles(withTexts(known, records, now), readers);
  return cleaned.map((shown) => archivedEntry(feed, shown));
}

function archivedEntry(feed: string, { entry, clean }: ShownEntry): ArchivedEntry {
  const { id, seen, index, order, date, parsed, channel } = entry;
  const categories = parsed.categories.slice(0, LIMITS.categories).map(plainName);
  return {
    ...{ id, at: 0, seen, index, order, date, feed },
    name: plainName(channel.config.name),
    title: clean.titleHtml.length <= LIMITS.title ? clean.titleHtml : htmlOfText(clean.titlePlain),
    link: webAddress((parsed.link ?? "").slice(0, LIMITS.link)),
    author: plainName(parsed.author ?? channel.config.author ?? ""),
    language: languageOf(parsed.language),
    categories: categories.filter((name) => name !== ""),
    teaser: clean.titlePlain === "" ? plainName(clean.summaryText) : "",
  };
}
