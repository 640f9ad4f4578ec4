import { createHash } from "node:crypto";
import { openingOf } from "../entry/opening.ts";
import { publishableId } from "../entry/publishedId.ts";
import { type KnownEntry, ownDate } from "../entry/sighting.ts";
import type { ParsedEntry, ParsedFeed } from "../parse/types.ts";
import type { FeedRecord } from "./feedRecord.ts";

/** A record as engines before first sightings wrote it: only entries that came later had a time. */
export type FirstRecord = Omit<FeedRecord, "schema" | "parser" | "feed"> & {
  readonly schema: 1;
  readonly feed?: ParsedFeed | undefined;
  /** By `firstKey`. */
  readonly firstSeen: Readonly<Record<string, number>>;
};

export const isFirstRecord = (record: FeedRecord | FirstRecord): record is FirstRecord => record.schema === 1;

/** The same in today's form: entries keep the ids that were published, the first of those that shared one. */
export function fromFirstRecord({ firstSeen, feed, ...record }: FirstRecord): FeedRecord {
  if (feed === undefined) return { ...record, schema: 2, parser: 1 };
  const times = new Map(Object.entries(firstSeen));
  const read = record.lastOk ?? 0;
  const passed = feed.entries.map((entry) => ownDate(entry) ?? 0).filter((date) => date > 0 && date <= read);
  const newestThen = passed.length === 0 ? undefined : Math.max(...passed);
  const known = new Map<string, KnownEntry>();
  for (const [index, entry] of feed.entries.entries()) {
    const key = firstKey(entry);
    const ids = [firstId(entry, record.url), hashed(record.url, key)];
    const id = ids.find((candidate) => !known.has(candidate));
    if (id === undefined) continue;
    const seen = times.get(key);
    const { published, updated } = entry;
    const sighting = { id, seen: seen ?? read, late: seen !== undefined, published, updated, newestThen, index };
    known.set(id, { ...entry, sighting, opening: openingOf(entry), listed: true });
  }
  // Whether more entries were cut off was not written down.
  return { ...record, schema: 2, parser: 1, wasCut: true, feed: { ...feed, entries: [...known.values()] } };
}

function firstKey({ id, link, title, content }: ParsedEntry): string {
  if (id !== undefined) return link === undefined || link === id ? id : `${id} ${link}`;
  return link ?? `urn:sha256:${sha256(title?.value ?? content?.value ?? "")}`;
}

function firstId(entry: ParsedEntry, feedUrl: string): string {
  return publishableId(entry.id) ?? hashed(feedUrl, firstKey(entry));
}

const hashed = (feedUrl: string, key: string) => `urn:sha256:${sha256(`${feedUrl}\n${key}`)}`;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
