import type { FeedConfig, TextType } from "@planet/content";
import type { ParsedEntry, TextConstruct } from "../parse/types.ts";
import { isHeldBack, placeOf } from "./place.ts";
import type { KnownEntry } from "./sighting.ts";
import type { Channel, Entry } from "./types.ts";

/** The entries of one feed that may be shown, each with its place. */
export function collectEntries(channel: Channel, now: number): Entry[] {
  return (channel.feed?.entries ?? []).flatMap((known) => {
    const { sighting, opening } = known;
    const place = placeOf(sighting, channel.config);
    if (isHeldBack(place, channel.config, now)) return [];
    const { id, seen, index } = sighting;
    return [{ channel, parsed: corrected(known, channel.config), ...place, id, seen, index, opening, alsoIn: [] }];
  });
}

/**
 * `ignore_in_feed`: as if the feed did not have these; `title_type` and the like: corrections of what the feed declares.
 * A date of publication that moves is that of a rebuild: the first one stays.
 */
function corrected({ sighting, opening: _, ...entry }: KnownEntry, config: FeedConfig): ParsedEntry {
  const has = (name: string) => config.ignoreInFeed.includes(name);
  return {
    ...entry,
    id: has("id") ? undefined : entry.id,
    link: has("link") ? undefined : entry.link,
    title: has("title") ? undefined : typed(entry.title, config.titleType),
    content: typed(has("content") ? entry.summary : entry.content, config.contentType),
    summary: has("summary") ? undefined : typed(entry.summary, config.summaryType),
    author: has("author") ? undefined : entry.author,
    published: has("published") ? undefined : sighting.published,
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
