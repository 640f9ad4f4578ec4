import { type FeedConfig, normalizeFeedUrl, readPlanetIni } from "@planet/content";
import type { Feed, FeedChanges, ValueChange } from "./change.ts";

/** Feeds by their normalised URL: writing `HTTP://Host` in another way is not another feed. */
export function feedChanges(before: string | undefined, after: string | undefined): FeedChanges {
  const [old, next] = [feedsOf(before), feedsOf(after)];
  const added = [...next].filter(([key]) => !old.has(key)).map(([, feed]) => summary(feed));
  const removed = [...old].filter(([key]) => !next.has(key)).map(([, feed]) => summary(feed));
  const changed = [...next].flatMap(([key, feed]) => {
    const values = valueChanges(old.get(key) ?? feed, feed);
    return values.length > 0 ? [{ ...summary(feed), values }] : [];
  });
  return { added, removed, changed };
}

/** A file that cannot be read has no feeds; its errors stop the deploy by themselves. */
function feedsOf(text: string | undefined): ReadonlyMap<string, FeedConfig> {
  const feeds = text === undefined ? [] : (readPlanetIni(text).config?.feeds ?? []);
  return new Map(feeds.map((feed) => [normalizeFeedUrl(feed.url), feed]));
}

const summary = ({ url, name }: FeedConfig): Feed => ({ url, name });

function valueChanges(before: FeedConfig, after: FeedConfig): ValueChange[] {
  const keys = [...new Set([...before.values.keys(), ...after.values.keys()])].toSorted();
  return keys.flatMap((what) => {
    const [old, next] = [before.values.get(what), after.values.get(what)];
    if (old === next) return [];
    return [{ what, ...(old !== undefined && { before: old }), ...(next !== undefined && { after: next }) }];
  });
}
