import type { FeedConfig, TextType } from "@planet/content";
import type { ParsedEntry, TextConstruct } from "../parse/types.ts";
import { textOf } from "../sanitize/text.ts";
import { isHeldBack, type Place, placeOf } from "./place.ts";
import type { KnownEntry } from "./sighting.ts";
import type { Channel, Entry } from "./types.ts";

/** The entries of one feed that may be shown, each with its place. */
export function collectEntries(channel: Channel, now: number): Entry[] {
  return (channel.feed?.entries ?? []).flatMap((known) => {
    const { sighting, opening, teaser } = known;
    const place = movedPlace(known, placeOf(sighting, channel.config), channel.config, now);
    if (isHeldBack(place, channel.config, now)) return [];
    const { id, seen, index } = sighting;
    return [
      {
        channel,
        parsed: isRight(known, channel.config) ? known : corrected(known, channel.config),
        ...place,
        id,
        recordId: id,
        seen,
        index,
        opening,
        teaser,
        alsoIn: [],
      },
    ];
  });
}

/** `order = updated`: a change moves an entry up; one that is dated in the future does not. */
function movedPlace({ updated }: KnownEntry, place: Place, { order, ignoreInFeed }: FeedConfig, now: number): Place {
  if (order !== "updated" || updated === undefined || ignoreInFeed.includes("updated")) return place;
  return updated > now || updated <= place.order ? place : { date: updated, order: updated };
}

/** Nearly all are. A planet has tens of thousands, so they are not copied. */
function isRight({ published, sighting }: KnownEntry, config: FeedConfig): boolean {
  const { ignoreInFeed, titleType, contentType, summaryType, nameType } = config;
  const types = [titleType, contentType, summaryType, nameType];
  return published === sighting.published && ignoreInFeed.length === 0 && types.every((type) => type === undefined);
}

/**
 * `ignore_in_feed`: as if the feed did not have these; `title_type` and the like: corrections of what the feed declares.
 * A date of publication that moves is that of a rebuild: the first one stays.
 */
function corrected(known: KnownEntry, config: FeedConfig): ParsedEntry {
  const { sighting, opening: _opening, teaser: _teaser, listed: _listed, ...entry } = known;
  const has = (name: string) => config.ignoreInFeed.includes(name);
  return {
    ...entry,
    id: has("id") ? undefined : entry.id,
    link: has("link") ? undefined : entry.link,
    title: has("title") ? undefined : typed(entry.title, config.titleType),
    content: typed(has("content") ? entry.summary : entry.content, config.contentType),
    summary: has("summary") ? undefined : typed(entry.summary, config.summaryType),
    author: has("author") ? undefined : named(entry.author, config.nameType),
    authors: entry.authors?.map((name) => named(name, config.nameType)),
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

const named = <Name extends string | undefined>(name: Name, type: TextType | undefined) =>
  name === undefined || type === undefined
    ? name
    : (textOf({ kind: type === "text" ? "text" : "html", value: name }) as Name);
