import type { ServedFeed, ServedStatus } from "@planet/content";

/** Entries of feeds that one server had, and the one after it does not have yet. */
export interface NotYet {
  /** All that the first one had, of the feeds that both know. */
  readonly had: number;
  /** Those that are missing. */
  readonly entries: number;
  readonly feeds: readonly {
    readonly name: string;
    readonly url: string;
    readonly has: number;
    readonly had: number;
  }[];
}

/** Worth a line each. */
const SHOWN_FEEDS = 10;

/** A feed that the new content does not have is not missing. Pure. */
export function notYetOf(before: ServedStatus, after: ServedStatus): NotYet {
  const now = new Map(after.feeds.map((feed) => [feed.url, feed]));
  const both = before.feeds.flatMap(({ url, name, entries: had }) => {
    const has = now.get(url)?.entries;
    return has === undefined ? [] : [{ name, url, has, had }];
  });
  const feeds = both.filter(({ has, had }) => has < had);
  return { had: sum(both.map(({ had }) => had)), entries: sum(feeds.map(({ has, had }) => had - has)), feeds };
}

/** Lines for people. */
export function describeNotYet({ had, entries, feeds }: NotYet): string[] {
  if (entries === 0) return [`all ${had} that the old server had are there`];
  const more = feeds.length - SHOWN_FEEDS;
  return [
    `${entries} of ${had} that the old server had are not there yet:`,
    ...feeds.slice(0, SHOWN_FEEDS).map(({ name, url, has, had: all }) => `${name || url}: ${has} of ${all}`),
    ...(more > 0 ? [`and of ${more} other feeds`] : []),
  ];
}

/** What a new server can know of feeds that do not answer now, before it is made; empty when all answer. */
export function describeSilent({ feeds, memory }: ServedStatus): string {
  const silent = feeds.filter(({ state, entries }) => (state === "failing" || state === "gone") && entries > 0);
  if (silent.length === 0) return "";
  const named = silent.slice(0, SHOWN_FEEDS).map(described).join(", ");
  const more = silent.length > SHOWN_FEEDS ? ` and ${silent.length - SHOWN_FEEDS} more` : "";
  const what = silent.length === 1 ? "1 feed does not answer" : `${silent.length} feeds do not answer`;
  const then =
    memory === "on"
      ? "The planet remembers them for the new server."
      : `The new server does not have them until they answer: ${memory === "degraded" ? "the planet's memory works only in part (`npx planet status`)" : "the planet has no memory (planet:memory)"}.`;
  return `${what} now: ${named}${more}. ${then}\n`;
}

const described = ({ name, url, entries }: ServedFeed): string =>
  `${name || url} (${entries === 1 ? "1 entry" : `${entries} entries`})`;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
