import type { FeedConfig } from "@planet/content";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";
import type { KnownEntry } from "./sighting.ts";

/** A feed's last good document, with the entries that are known of it. */
export interface KnownFeed extends ParsedFeed {
  readonly entries: readonly KnownEntry[];
}

/** A feed together with its section of planet.ini. */
export interface Channel {
  readonly config: FeedConfig;
  /** Place in planet.ini, from 0: ties are decided by it. */
  readonly index: number;
  readonly feed?: KnownFeed | undefined;
  /** Where the document came from: the base of last resort. */
  readonly sourceUrl: string;
}

/** An entry that may be shown. */
export interface Entry {
  readonly channel: Channel;
  readonly parsed: ParsedEntry;
  /** The id to publish. */
  readonly id: string;
  /** Its id in the record of its feed, by which its text is found. Another when a second feed had it first. */
  readonly recordId: string;
  /** The date to show; absent when the feed gives none and none can be inferred. */
  readonly date?: number | undefined;
  /** What entries are sorted by; undated ones have `-Infinity` and come last. */
  readonly order: number;
  /** When it was first seen, and its place in the document then: they decide ties. */
  readonly seen: number;
  readonly index: number;
  /** The first letters of its text: opening.ts. */
  readonly opening: string;
  /** First words of an entry without a title: opening.ts. */
  readonly teaser?: string | undefined;
  /** Names of other feeds that have the same entry. */
  readonly alsoIn: readonly string[];
}
