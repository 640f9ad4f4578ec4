import type { FeedConfig, PlanetConfig } from "@planet/content";
import type { Outline } from "../parse/types.ts";
import type { FeedRecord } from "./feedRecord.ts";

/** The reading lists of a planet.ini, as a planet of their own: they are fetched by the same rules. */
export function readingLists(config: PlanetConfig): PlanetConfig {
  return { ...config, feeds: config.feeds.filter(({ readingList }) => readingList) };
}

/**
 * The planet with each reading list replaced by what it subscribes to. A feed that has a section of its own, or that an
 * earlier list has, is not subscribed twice; a list within a list is not followed.
 */
export function withReadingLists(config: PlanetConfig, lists: readonly FeedRecord[]): PlanetConfig {
  const byUrl = new Map(lists.map((record) => [record.url, record.feed?.outlines ?? []]));
  const known = new Set(config.feeds.map(({ url }) => url));
  const feeds = config.feeds.flatMap((section) => {
    if (!section.readingList) return [section];
    const fresh = (byUrl.get(section.url) ?? []).filter(({ url }) => !known.has(url));
    for (const { url } of fresh) known.add(url);
    return fresh.map((outline) => subscribed(outline, section));
  });
  return { ...config, feeds };
}

/** A list's settings apply to each of its feeds, except its name and its picture. */
function subscribed(outline: Outline, section: FeedConfig): FeedConfig {
  const { link: _link, face: _face, ...common } = section;
  const values = new Map(section.values);
  values.set("name", outline.name);
  for (const key of ["link", "face", "content_type"]) values.delete(key);
  const link = outline.link === undefined ? {} : { link: outline.link };
  const listedIn = section.url;
  return { ...common, ...link, url: outline.url, name: outline.name, readingList: false, listedIn, values };
}
