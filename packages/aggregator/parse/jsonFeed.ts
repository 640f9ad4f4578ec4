import type { JsonFeed } from "feedsmith";
import { parseDate } from "./dates.ts";
import { firstOf, firstText, httpUrl, languageTag, type Surroundings, text } from "./fields.ts";
import { attached } from "./media.ts";
import { authorsOf, categories } from "./names.ts";
import type { ParsedEntry, ParsedFeed } from "./types.ts";

type Feed = JsonFeed.Feed<string>;
type Item = NonNullable<Feed["items"]>[number];

/** JSON Feed 1.0 and 1.1. */
export function adaptJson(feed: Feed, around: Surroundings): ParsedFeed {
  const base = around.url;
  return {
    format: "json",
    id: firstOf(feed.feed_url),
    title: text("text", feed.title, base),
    subtitle: text("text", feed.description, base),
    link: httpUrl(feed.home_page_url, base),
    selfLink: httpUrl(feed.feed_url, base),
    author: authorsOf(feed.authors?.map(({ name }) => name)).author,
    language: languageTag(feed.language),
    rights: undefined,
    icon: httpUrl(firstOf(feed.icon, feed.favicon), base),
    updated: undefined,
    waitMs: undefined,
    entries: (feed.items ?? []).map((item) => adaptItem(item, feed, around)),
    repaired: false,
  };
}

function adaptItem(item: Item, feed: Feed, { url: base, now }: Surroundings): ParsedEntry {
  const content = firstText(text("html", item.content_html, base), text("text", item.content_text, base));
  const summary = text("text", item.summary, base);
  const authors = [item.authors, feed.authors].find((list) => list?.some(({ name }) => name));
  const image = httpUrl(firstOf(item.image, item.banner_image), base);
  return {
    id: firstOf(item.id === undefined ? undefined : String(item.id)),
    link: httpUrl(firstOf(item.url, item.external_url), base),
    title: text("text", item.title, base),
    content: firstText(content, summary),
    summary: content === undefined ? undefined : summary,
    ...authorsOf(authors?.map(({ name }) => name)),
    authorUri: httpUrl(authors?.[0]?.url, base),
    published: parseDate(item.date_published, now),
    updated: parseDate(item.date_modified, now),
    categories: categories(item.tags ?? []),
    ...attached(
      (item.attachments ?? []).map(({ url, mime_type, size_in_bytes, title }) => ({
        url,
        type: mime_type,
        length: size_in_bytes,
        alt: title,
      })),
      image,
      base,
    ),
    image,
    comments: undefined,
    language: languageTag(item.language, feed.language),
    rights: undefined,
    sourceTitle: undefined,
    sourceLink: undefined,
  };
}
