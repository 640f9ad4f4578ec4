import { createHash } from "node:crypto";
import { type FeedConfig, type PlanetConfig, sameCategory } from "@planet/content";
import { ARCHIVE } from "../archive/parts.ts";
import type { Entry } from "../entry/types.ts";
import type { ParsedEntry } from "../parse/types.ts";
import type { CleanEntry } from "../sanitize/cleanEntry.ts";
import { plainName } from "../sanitize/text.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { anchorOf, categoryAddress, feedAddresses } from "./addresses.ts";
import { isoDate, isoDay, rfc822Date, zoneName } from "./dateFormat.ts";
import type { Face } from "./faces.ts";
import { dayText, textBelowDay, timeText } from "./pageDates.ts";
import type {
  CategoryModel,
  ChannelModel,
  DayModel,
  GroupModel,
  ItemModel,
  Moment,
  PageModel,
  TextModel,
} from "./types.ts";
import { fill } from "./words/fill.ts";
import { directionOf, languageOf, languageTag } from "./words/languages.ts";

const TONES = 8;

/** What is known about a subscription besides its section. */
export interface ChannelFacts {
  readonly config: FeedConfig;
  readonly link: string | undefined;
  readonly title: string;
  readonly subtitle: string;
  readonly face: Face | undefined;
  readonly message: string;
  readonly state: string;
  readonly newest: number | undefined;
}

/** An entry in the window with its cleaned texts. */
export interface ShownEntry {
  readonly entry: Entry;
  readonly clean: CleanEntry;
}

/** What all entries of a planet have in common. */
export interface EntryContext {
  readonly config: PlanetConfig;
  /** In the order of planet.ini. */
  readonly channels: readonly ChannelModel[];
  /** By the id of an entry: archive/parts.ts. */
  readonly permalinks: ReadonlyMap<string, string>;
}

export interface ModelRequest extends EntryContext {
  readonly entries: readonly ShownEntry[];
  /** How many entries the archive has. */
  readonly archived: number;
  /** Newest fetch that changed something. */
  readonly lastUpdated: number | undefined;
  readonly logo: string;
  readonly texts: readonly TextModel[];
}

/** Everything the page says, as plain data. */
export function pageModel(request: ModelRequest): PageModel {
  const { config, channels } = request;
  const name = plainName(config.name);
  const { words } = languageOf(config.locale);
  return {
    name,
    about:
      withoutPasswords(plainName(config.description)) ||
      fill(channels.length === 1 ? words.about_one : words.about_many, { name, count: channels.length }),
    link: withoutPasswords(config.link),
    owner_name: plainName(config.ownerName),
    language: languageTag(config.locale),
    dir: directionOf(config.locale),
    feed: withoutPasswords(config.feed) || "atom.xml",
    logo: request.logo,
    generator: config.generator || "Planet",
    generator_uri: withoutPasswords(config.generatorUri),
    hub: withoutPasswords(config.pubsubhubbubHub),
    last_updated: moment(request.lastUpdated, config),
    ...entryModels(request.entries, request),
    older: olderThan(request),
    archive: ARCHIVE,
    texts: request.texts,
    categories: config.categories.map(categoryModel),
    channels: sortedByName(channels, config.locale),
    troubled: channels.filter(({ state }) => state !== "ok").length,
    words,
  };
}

function categoryModel(name: string): CategoryModel {
  const address = categoryAddress(name);
  return { name: plainName(name), page: `${address}.html`, feed: `${address}.xml` };
}

function topicPage(name: string, { categories }: PlanetConfig): string {
  return categories.some((category) => sameCategory(category) === sameCategory(name))
    ? `${categoryAddress(name)}.html`
    : "";
}

/** Where the last entry of the page stands, if it is not the last of all. */
function olderThan({ entries, archived, permalinks }: ModelRequest): string {
  const last = entries.at(-1)?.entry.id ?? "";
  return archived > entries.length ? (permalinks.get(last) ?? ARCHIVE) : "";
}

/** All subscriptions, in the order of planet.ini. */
export function channelModels(channels: readonly ChannelFacts[], config: PlanetConfig): ChannelModel[] {
  const addresses = feedAddresses(channels.map(({ config: { url } }) => url));
  return channels.map((facts) => channelModel(facts, addresses.get(facts.config.url) ?? "", config));
}

/** Entries in their order, in one list and by day. */
export function entryModels(entries: readonly ShownEntry[], context: EntryContext): Pick<PageModel, "days" | "items"> {
  const items = entries.flatMap((shown) => {
    const channel = context.channels[shown.entry.channel.index];
    return channel === undefined ? [] : [itemModel(shown, channel, context)];
  });
  return { days: daysOf(items, context.config), items };
}

function channelModel(facts: ChannelFacts, address: string, config: PlanetConfig): ChannelModel {
  const name = plainName(facts.config.name);
  return {
    name,
    url: withoutPasswords(facts.config.url),
    link: withoutPasswords(facts.config.link ?? facts.link ?? ""),
    page: `${address}.html`,
    page_feed: `${address}.xml`,
    title: facts.title,
    subtitle: facts.subtitle,
    face: facts.face?.file ?? "",
    face_width: facts.face?.width ?? 0,
    face_height: facts.face?.height ?? 0,
    initial: initialOf(name),
    tone: createHash("sha256").update(facts.config.url).digest().readUInt8(0) % TONES,
    message: withoutPasswords(facts.message),
    state: facts.state,
    last_updated: moment(facts.newest, config),
    values: publicValues(facts.config),
  };
}

function publicValues({ values }: FeedConfig): Record<string, string> {
  const shown = [...values].filter(([key]) => key !== "contact" && key !== "email");
  return Object.fromEntries(shown.map(([key, value]) => [key, withoutPasswords(value)]));
}

function itemModel({ entry, clean }: ShownEntry, channel: ChannelModel, context: EntryContext): ItemModel {
  const { config, permalinks } = context;
  const { parsed } = entry;
  // By its place, not by the date it shows: a date in the future must not head the page.
  const day = Number.isFinite(entry.order) ? isoDay(entry.order, config.timezone) : "";
  const categories = parsed.categories.map(plainName);
  const author = plainName(parsed.author ?? entry.channel.config.author ?? channel.name);
  const authors = parsed.author === undefined ? undefined : parsed.authors?.map(plainName);
  return {
    id: entry.id,
    anchor: anchorOf(entry.id),
    permalink: permalinks.get(entry.id) ?? "",
    title: clean.titlePlain,
    title_html: clean.titleHtml,
    link: parsed.link ?? channel.link,
    content_html: clean.contentHtml,
    summary: clean.summaryText,
    author,
    authors: authors ?? [author],
    author_uri: parsed.authorUri ?? "",
    date: moment(entry.date, config),
    published: moment(parsed.published, config),
    updated: moment(parsed.updated, config),
    day,
    when: entry.date === undefined ? "" : textBelowDay(entry.date, day, config),
    language: entryLanguage(parsed),
    dir: directionOf(parsed.language ?? "") === "rtl" ? "rtl" : "auto",
    categories,
    topics: categories.map((name) => ({ name, page: topicPage(name, config) })),
    enclosures: parsed.enclosures.map(({ url, type, length }) => ({
      url,
      name: fileName(url),
      type: type ?? "",
      length: length ?? 0,
    })),
    comments: parsed.comments ?? "",
    image: parsed.image ?? "",
    rights: plainName(parsed.rights ?? ""),
    also_in: entry.alsoIn.map(plainName),
    source_title: plainName(parsed.sourceTitle ?? ""),
    source_link: parsed.sourceLink ?? "",
    channel,
  };
}

function daysOf(items: readonly ItemModel[], config: PlanetConfig): DayModel[] {
  const days: { iso: string; items: ItemModel[] }[] = [];
  for (const item of items) {
    const last = days[days.length - 1];
    if (last?.iso === item.day) last.items.push(item);
    else days.push({ iso: item.day, items: [item] });
  }
  return days.map(({ iso, items: shown }) => ({
    iso,
    text: dayName(iso, config),
    groups: groupsOf(shown),
  }));
}

/** How the page names a day, `2026-03-01` or empty. */
export function dayName(iso: string, config: PlanetConfig): string {
  if (iso === "") return languageOf(config.locale).words.undated;
  return dayText(Date.parse(`${iso}T00:00:00Z`), { ...config, timezone: "UTC" });
}

/** Its language tag, if it is one. */
export function entryLanguage({ language = "" }: ParsedEntry): string {
  return /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(language) ? language : "";
}

function groupsOf(items: readonly ItemModel[]): GroupModel[] {
  const groups: { channel: ChannelModel; items: ItemModel[] }[] = [];
  for (const item of items) {
    const last = groups[groups.length - 1];
    if (last?.channel === item.channel) last.items.push(item);
    else groups.push({ channel: item.channel, items: [item] });
  }
  return groups;
}

function moment(time: number | undefined, config: PlanetConfig): Moment | null {
  if (time === undefined) return null;
  const text = timeText(time, config);
  return { text, zone: zoneName(time, config.timezone), iso: isoDate(time), rfc822: rfc822Date(time) };
}

function sortedByName(channels: readonly ChannelModel[], locale: string): ChannelModel[] {
  const collator = new Intl.Collator(locale, { sensitivity: "base", numeric: true });
  return [...channels].sort((a, b) => collator.compare(a.name, b.name) || (a.url < b.url ? -1 : 1));
}

function initialOf(name: string): string {
  const first = /[\p{L}\p{N}]/u.exec(name)?.[0] ?? "·";
  return first.toUpperCase();
}

function fileName(url: string): string {
  const last =
    new URL(url).pathname
      .split("/")
      .filter((part) => part !== "")
      .pop() ?? "file";
  try {
    return plainName(decodeURIComponent(last)).slice(0, 80);
  } catch {
    return last.slice(0, 80); // not valid percent-encoding
  }
}
