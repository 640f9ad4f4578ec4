import type { PlanetConfig } from "@planet/content";
import { normalisedLink } from "./identity.ts";
import type { Entry } from "./types.ts";

const DAY_MS = 86_400_000;
/** Beyond this a link is not an entry's address but the home page that a broken feed gives to all. */
const SHARED_LINK_LIMIT = 10;

/** What the page and the feeds show: sorted, each entry once, capped per feed, by days and in all. */
export function selectWindow(entries: readonly Entry[], config: PlanetConfig): Entry[] {
  const merged = mergeAcrossFeeds([...entries].sort(byOrder));
  return withinDays(cappedPerFeed(merged, config), config.daysPerPage).slice(0, config.itemsPerPage);
}

/** Newest first; ties by place in planet.ini, then by key: two runs give one order. */
function byOrder(a: Entry, b: Entry): number {
  if (a.order !== b.order) return a.order > b.order ? -1 : 1;
  if (a.channel.index !== b.channel.index) return a.channel.index - b.channel.index;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** The same page in two feeds is one entry, shown for the feed that planet.ini lists first. */
function mergeAcrossFeeds(sorted: readonly Entry[]): Entry[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of sorted) {
    const { link } = entry.parsed;
    if (link === undefined) continue;
    const key = normalisedLink(link);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const replaced = new Map<Entry, Entry | undefined>();
  for (const group of groups.values()) {
    const feeds = new Set(group.map(({ channel }) => channel.index));
    if (feeds.size < 2 || group.length > SHARED_LINK_LIMIT) continue;
    const winner = group.reduce((best, entry) => (entry.channel.index < best.channel.index ? entry : best));
    const others = group.filter(({ channel }) => channel.index !== winner.channel.index);
    for (const entry of others) replaced.set(entry, undefined);
    replaced.set(winner, { ...winner, alsoIn: [...new Set(others.map(({ channel }) => channel.config.name))].sort() });
  }
  return sorted.flatMap((entry) => {
    const result = replaced.has(entry) ? replaced.get(entry) : entry;
    return result === undefined ? [] : [result];
  });
}

function cappedPerFeed(sorted: readonly Entry[], config: PlanetConfig): Entry[] {
  const shown = new Map<number, number>();
  return sorted.filter(({ channel }) => {
    const count = (shown.get(channel.index) ?? 0) + 1;
    shown.set(channel.index, count);
    const cap = channel.config.newFeedItems ?? config.newFeedItems;
    return cap === 0 || count <= cap;
  });
}

/** Whole days back from the newest entry, so a quiet planet does not become an empty one. */
function withinDays(sorted: readonly Entry[], days: number): Entry[] {
  const [newest] = sorted;
  if (days === 0 || newest === undefined || !Number.isFinite(newest.order)) return [...sorted];
  const start = (Math.floor(newest.order / DAY_MS) - days + 1) * DAY_MS;
  return sorted.filter(({ order }) => order >= start);
}
