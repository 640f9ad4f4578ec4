import type { FeedConfig } from "@planet/content";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";

/** A feed's last good document together with its section of planet.ini. */
export interface Channel {
  readonly config: FeedConfig;
  /** Place in planet.ini, from 0: ties are decided by it. */
  readonly index: number;
  readonly feed?: ParsedFeed | undefined;
  /** Where the document came from: the base of last resort. */
  readonly sourceUrl: string;
  /** Entry key → epoch ms when this entry was first seen. */
  readonly firstSeen: ReadonlyMap<string, number>;
}

/** An entry that may be shown. */
export interface Entry {
  readonly channel: Channel;
  readonly parsed: ParsedEntry;
  /** Identity within its feed. */
  readonly key: string;
  /** The date to show; absent when the feed gives none and none can be inferred. */
  readonly date?: number | undefined;
  /** What entries are sorted by; undated ones have `-Infinity` and come last. */
  readonly order: number;
  /** Names of other feeds that have the same entry. */
  readonly alsoIn: readonly string[];
}
