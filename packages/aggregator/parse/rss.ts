import type { RdfFeed, RssFeed } from "feedsmith";
import { parseDate } from "./dates.ts";
import { firstOf, firstText, httpUrl, innerBase, languageTag, type Surroundings, text, waitMs } from "./fields.ts";
import { attached, mediaOf } from "./media.ts";
import { authorsOf, categories, keywords, rightsText } from "./names.ts";
import type { ParsedEntry, ParsedFeed, TextConstruct } from "./types.ts";
import { htmlOfXhtml } from "./xhtml.ts";

type RssChannel = RssFeed.Feed<string>;
type RdfChannel = RdfFeed.Feed<string>;
type RssItem = NonNullable<RssChannel["items"]>[number];
type RdfItem = NonNullable<RdfChannel["items"]>[number];
/** The two differ in what they may hold, not in what it means. */
type Item = RdfItem & Partial<RssItem>;
type Channel = RdfChannel & Partial<Omit<RssChannel, "items">>;

/** RSS 0.91 to 2.0. */
export function adaptRss(channel: RssChannel, around: Surroundings): ParsedFeed {
  return adaptChannel(channel as Channel, (channel.items ?? []) as Item[], "rss", around);
}

/** RSS 0.90 and 1.0. */
export function adaptRdf(channel: RdfChannel, around: Surroundings): ParsedFeed {
  return adaptChannel(channel as Channel, (channel.items ?? []) as Item[], "rdf", around);
}

function adaptChannel(
  channel: Channel,
  items: readonly Item[],
  format: "rss" | "rdf",
  around: Surroundings,
): ParsedFeed {
  const base = innerBase(around.url, channel.xml?.base);
  const links = channel.atom?.links ?? [];
  const self = links.find(({ rel }) => rel === "self")?.href;
  return {
    format,
    id: undefined,
    title: text("html", firstOf(channel.title, channel.dc?.titles?.[0]), base),
    subtitle: text("html", firstOf(channel.description, channel.dc?.descriptions?.[0]), base),
    link: httpUrl(firstOf(channel.link, links.find(({ rel }) => rel === "alternate")?.href), base),
    selfLink: httpUrl(self, base),
    author: authorsOf(...channelAuthors(channel)).author,
    language: languageTag(channel.language, channel.dc?.languages?.[0], channel.xml?.lang),
    rights: rightsText(channel.copyright, channel.dc?.rights?.[0]),
    icon: httpUrl(firstOf(channel.image?.url, channel.itunes?.image), base),
    updated: parseDate(firstOf(channel.lastBuildDate, channel.pubDate, channel.dc?.dates?.[0]), around.now),
    waitMs: waitMs(channel.ttl, channel.sy),
    entries: items.map((item) => adaptItem(item, channel, base, around)),
    repaired: false,
  };
}

function adaptItem(item: Item, channel: Channel, feedBase: string, { now }: Surroundings): ParsedEntry {
  const base = innerBase(feedBase, item.xml?.base);
  // Nobody sees the feed's own address, which may be on another host.
  const home = innerBase(feedBase, channel.link, item.xml?.base);
  const media = mediaOf(item.media, home);
  const files = attached([...(item.enclosures ?? []), ...media.files], media.thumbnail, home);
  const description = text("html", item.description, base);
  const full = firstText(bodyOf(item, base), text("html", item.content?.encoded, base));
  const short = firstText(
    text("html", item.atom?.summary?.value, base),
    full === undefined ? undefined : description,
    text("html", item.itunes?.subtitle, base),
  );
  return {
    id: firstOf(item.guid?.value, item.atom?.id, item.rdf?.about),
    link: linkOf(item, home),
    title: firstText(
      text("html", item.title, base),
      media.title,
      text("html", item.dc?.titles?.[0], base),
      text("html", item.itunes?.title, base),
    ),
    content: firstText(
      full,
      description,
      text("html", item.dc?.descriptions?.[0], base),
      media.description,
      text("html", item.itunes?.summary, base),
      short,
    ),
    summary: short,
    ...authorsOf(
      item.atom?.authors?.map(({ name }) => name),
      item.authors?.map(({ name }) => name),
      item.dc?.creators,
      [item.itunes?.author],
      [media.credit],
      ...channelAuthors(channel),
    ),
    authorUri: httpUrl(item.authors?.[0]?.link, base),
    published: parseDate(
      firstOf(
        item.atom?.published,
        item.dcterms?.issued?.[0],
        item.pubDate,
        item.dc?.dates?.[0],
        item.dcterms?.created?.[0],
      ),
      now,
    ),
    updated: parseDate(firstOf(item.atom?.updated, item.dcterms?.modified?.[0]), now),
    categories: categories([
      ...(item.categories ?? []).map(({ name }) => name),
      ...(item.dc?.subjects ?? []),
      ...keywords(item.itunes?.keywords),
    ]),
    ...files,
    image: media.thumbnail ?? files.pictures[0]?.url ?? httpUrl(item.itunes?.image, home),
    comments: httpUrl(item.comments, home),
    language: languageTag(item.dc?.languages?.[0], item.xml?.lang, channel.language, channel.dc?.languages?.[0]),
    rights: rightsText(item.dc?.rights?.[0]),
    sourceTitle: firstOf(item.source?.title),
    sourceLink: undefined,
  };
}

/** Atom's content in an item, whose type is not always given. */
function bodyOf({ atom }: Item, base: string): TextConstruct | undefined {
  const value = atom?.content?.value;
  return text("html", atom?.content?.type === "xhtml" ? htmlOfXhtml(value ?? "") : value, base);
}

const channelAuthors = (channel: Channel) => [
  [channel.managingEditor?.name],
  channel.dc?.creators,
  [channel.itunes?.author],
];

/** A guid is the link only where it does not say otherwise and is a web address. */
function linkOf(item: Item, base: string): string | undefined {
  const guid = item.guid?.isPermaLink === false ? undefined : item.guid?.value;
  const links = item.atom?.links ?? [];
  const original = links.find(({ rel }) => rel === "x-original")?.href;
  const alternate = links.find(({ rel }) => rel === undefined || rel === "alternate")?.href;
  const about = item.rdf?.about;
  return (
    httpUrl(firstOf(original, item.link, alternate), base) ??
    [guid, about].filter((id) => /^https?:\/\//i.test(id ?? "")).map((id) => httpUrl(id, base))[0]
  );
}
