import type { FeedConfig } from "@planet/content";
import { configOf } from "../../build/testing/sampleSite.ts";
import type { ParsedEntry } from "../../parse/types.ts";
import { collectEntries } from "../collect.ts";
import { type KnownEntry, sightEntries } from "../sighting.ts";
import type { Channel, Entry } from "../types.ts";
import { inOrder, selectWindow } from "../window.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 4, 18, 12);

const planetOf = (keys = "") => configOf(`[Planet]\nname = x\n${keys}\n[http://a.test/feed]\nname = A\n`);
const [feedConfig] = planetOf().feeds as [FeedConfig];

/** An entry of a feed, with as little as a test needs. */
export const entry = (facts: Partial<ParsedEntry> & { text?: string; name?: string }): ParsedEntry => {
  const { text, name, ...parsed } = facts;
  return {
    categories: [],
    enclosures: [],
    ...(text !== undefined && { content: { kind: "html" as const, value: text } }),
    ...(name !== undefined && { title: { kind: "text" as const, value: name } }),
    ...parsed,
  };
};

export interface FeedFacts {
  readonly config?: Partial<FeedConfig>;
  readonly index?: number;
  readonly home?: string;
}

/** A feed after it was read once for each document, an hour apart; the last time is `NOW`. */
export function afterRuns(documents: readonly (readonly ParsedEntry[])[], facts: FeedFacts = {}): Channel {
  const { config, index = 0, home = "http://a.test/" } = facts;
  const blog = { home: home.replace(/^https?:\/\/|\/$/g, ""), ignored: config?.ignoreInFeed ?? [] };
  let before: readonly KnownEntry[] | undefined;
  for (const [run, document] of documents.entries()) {
    const now = NOW - (documents.length - 1 - run) * HOUR;
    before = sightEntries(document, { blog, now, before, wasCut: false });
  }
  return {
    config: { ...feedConfig, name: `Feed ${index}`, ...config },
    index,
    feed: { format: "rss", entries: before ?? [], link: home, repaired: false },
    sourceUrl: "http://a.test/feed",
  };
}

/** The entries of a page of these feeds. */
export function pageOf(channels: readonly Channel[], keys = ""): Entry[] {
  return selectWindow(inOrder(channels.flatMap((channel) => collectEntries(channel, NOW))), planetOf(keys));
}
