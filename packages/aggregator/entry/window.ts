import type { PlanetConfig } from "@planet/content";
import { zoneOffset } from "../timezone.ts";
import { mergeAcrossFeeds } from "./merge.ts";
import type { Entry } from "./types.ts";

const DAY_MS = 86_400_000;

/** All entries of the planet in its order, each once. */
export const inOrder = (entries: readonly Entry[]): Entry[] => mergeAcrossFeeds(entries).sort(byOrder);

/** What the page and the feeds show of the entries in order: capped per feed, by days and in all. */
export function selectWindow(sorted: readonly Entry[], config: PlanetConfig): Entry[] {
  return withinDays(cappedPerFeed(sorted, config).slice(0, config.itemsPerPage), config);
}

/** Newest first; ties by place in planet.ini, then as the feed has them, later ones first: two runs give one order. */
export function byOrder(a: Entry, b: Entry): number {
  if (a.order !== b.order) return a.order > b.order ? -1 : 1;
  return a.channel.index - b.channel.index || b.seen - a.seen || a.index - b.index;
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
function withinDays(sorted: readonly Entry[], { daysPerPage: days, timezone }: PlanetConfig): Entry[] {
  const [newest] = sorted;
  if (days === 0 || newest === undefined || !Number.isFinite(newest.order)) return [...sorted];
  const dayOf = (time: number) => Math.floor((time + zoneOffset(time, timezone)) / DAY_MS);
  const first = dayOf(newest.order) - days + 1;
  return sorted.filter(({ order }) => Number.isFinite(order) && dayOf(order) >= first);
}
