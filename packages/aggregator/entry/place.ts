import type { FeedConfig } from "@planet/content";
import { ownDate, type Sighting } from "./sighting.ts";

const HOUR_MS = 3_600_000;

/** The rules of planet.ini that places depend on. */
export type PlaceRules = Pick<FeedConfig, "futureDates" | "ignoreInFeed">;

/** Where an entry stands. docs/entries.md has the rules as a table. */
export interface Place {
  /** The date to show; absent when nobody knows it. */
  readonly date?: number | undefined;
  /** What entries are sorted by; undated ones have `-Infinity` and come last. */
  readonly order: number;
}

/** The place of an entry follows from its first sighting alone, so no later edit or rebuild moves it. */
export function placeOf(sighting: Sighting, rules: PlaceRules): Place {
  const ignores = (name: string) => rules.ignoreInFeed.includes(name);
  const date = ownDate({
    published: ignores("published") ? undefined : sighting.published,
    updated: ignores("updated") ? undefined : sighting.updated,
  });
  const isFuture = date !== undefined && date > sighting.seen;
  if (date === undefined || (isFuture && rules.futureDates === "ignore_date")) {
    const isDatedFeed = sighting.newestThen !== undefined && !ignores("published") && !ignores("updated");
    return undatedPlace(sighting, date === undefined && isDatedFeed);
  }
  return { date, order: isFuture ? futureOrder(date, sighting, rules) : date };
}

/** Never "now" on a first fetch: a new server would take every old text for a new one. */
function undatedPlace({ late, seen }: Sighting, isDatedFeed: boolean): Place {
  return late && !isDatedFeed ? { date: seen, order: seen } : { order: Number.NEGATIVE_INFINITY };
}

function futureOrder(date: number, { late, seen, newestThen }: Sighting, rules: PlaceRules): number {
  // It is held back until then.
  if (rules.futureDates === "ignore_entry") return date - HOUR_MS;
  if (late) return seen;
  // Nobody knows when it was written; next to the entry before it is the best guess.
  return newestThen === undefined ? Number.NEGATIVE_INFINITY : newestThen - 1;
}

/** `future_dates = ignore_entry`: nothing is shown more than an hour before its date. */
export function isHeldBack({ order }: Place, rules: PlaceRules, now: number): boolean {
  return rules.futureDates === "ignore_entry" && order > now;
}
