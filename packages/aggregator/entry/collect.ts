import type { FeedConfig, FutureDates, TextType } from "@planet/content";
import type { ParsedEntry, TextConstruct } from "../parse/types.ts";
import { entryKey } from "./identity.ts";
import type { Channel, Entry } from "./types.ts";

const HOUR_MS = 3_600_000;
/** This many entries with one date mean a regenerated feed, not a busy minute. */
const SAME_DATE_LIMIT = 4;

/** The entries of one feed that may be shown, each with its date. */
export function collectEntries(channel: Channel, now: number): Entry[] {
  const entries = uniqueEntries(channel.feed?.entries ?? []);
  const common = commonDate(entries);
  return entries
    .map((parsed) => dated(corrected(parsed, channel.config), channel, now, common))
    .filter((entry): entry is Entry => entry !== undefined);
}

/** Same id and link twice: the later `updated` wins, the first place stays. */
function uniqueEntries(entries: readonly ParsedEntry[]): ParsedEntry[] {
  const byKey = new Map<string, ParsedEntry>();
  for (const entry of entries) {
    const key = entryKey(entry);
    const known = byKey.get(key);
    if (known === undefined || (entry.updated ?? 0) > (known.updated ?? 0)) byKey.set(key, entry);
  }
  return [...byKey.values()];
}

const ownDate = (entry: ParsedEntry) => entry.published ?? entry.updated;

function commonDate(entries: readonly ParsedEntry[]): number | undefined {
  const dates = entries.map(ownDate);
  const [first] = dates;
  return dates.length >= SAME_DATE_LIMIT && dates.every((date) => date === first) ? first : undefined;
}

function dated(parsed: ParsedEntry, channel: Channel, now: number, common: number | undefined): Entry | undefined {
  const key = entryKey(parsed);
  const seen = channel.firstSeen.get(key);
  const own = ownDate(parsed);
  const future = own !== undefined && own > now;
  if (future && own > now + HOUR_MS && channel.config.futureDates === "ignore_entry") return undefined;
  const usable =
    own === undefined || own === common || (future && ignoresDate(channel.config.futureDates)) ? undefined : own;
  const date = usable ?? undatedDate(seen, own === common ? own : undefined, channel, now);
  // A date in the future must not hold the top of the page until it passes.
  const order = date === undefined ? Number.NEGATIVE_INFINITY : date > now ? Math.min(date, seen ?? now) : date;
  return { channel, parsed, key, date, order, alsoIn: [] };
}

const ignoresDate = (rule: FutureDates) => rule === "ignore_date";

/**
 * Never "now": after a lost cache the page would be flooded. A first-seen time counts only for entries that came after
 * the feed itself was known, which is what `firstSeen` holds; else the feed's own date if it is not fresh.
 */
function undatedDate(
  seen: number | undefined,
  common: number | undefined,
  channel: Channel,
  now: number,
): number | undefined {
  if (seen !== undefined) return seen;
  if (common !== undefined) return common;
  const feedDate = channel.feed?.updated;
  return feedDate !== undefined && feedDate < now - HOUR_MS ? feedDate : undefined;
}

/** `ignore_in_feed`: as if the feed did not have these; `title_type` and the like: corrections of what the feed declares. */
function corrected(entry: ParsedEntry, config: FeedConfig): ParsedEntry {
  const has = (name: string) => config.ignoreInFeed.includes(name);
  return {
    ...entry,
    id: has("id") ? undefined : entry.id,
    link: has("link") ? undefined : entry.link,
    title: has("title") ? undefined : typed(entry.title, config.titleType),
    content: typed(has("content") ? entry.summary : entry.content, config.contentType),
    summary: has("summary") ? undefined : typed(entry.summary, config.summaryType),
    author: has("author") ? undefined : entry.author,
    published: has("published") ? undefined : entry.published,
    updated: has("updated") ? undefined : entry.updated,
    categories: has("category") ? [] : entry.categories,
    language: has("language") ? undefined : entry.language,
    rights: has("rights") ? undefined : entry.rights,
  };
}

function typed(construct: TextConstruct | undefined, type: TextType | undefined): TextConstruct | undefined {
  if (construct === undefined || type === undefined) return construct;
  return { ...construct, kind: type === "text" ? "text" : "html" };
}
