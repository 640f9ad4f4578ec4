import type { StatusFeed, StatusJson } from "@planet/content";
import { hashedId } from "../entry/publishedId.ts";
import { isoDate } from "../render/dateFormat.ts";
import { dayText } from "../render/pageDates.ts";
import { fill } from "../render/words/fill.ts";
import { languageOf, languageTag } from "../render/words/languages.ts";
import type { Language } from "../render/words/types.ts";
import { element, textElement, xmlDocument } from "../render/xml.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { reasonOf } from "./feedReason.ts";
import type { StatusStyle } from "./statusStyle.ts";

const DAY_MS = 86_400_000;
/** Newest first; a feed reader keeps what it has seen. */
const MAX_ENTRIES = 200;

/** A feed that is to be reported. */
interface Overdue {
  readonly feed: StatusFeed;
  /** Milliseconds, as the next. */
  readonly since: number;
  /** When it became too long: an entry never changes its date. */
  readonly reported: number;
}

/**
 * `feeds-status.xml`, an Atom feed for editors: one entry for each feed and each time that it began to fail, once that has lasted
 * for `report_after`. Nothing in it changes from run to run, so nobody is told twice; without failing feeds it has no entry.
 */
export function feedsStatus(status: StatusJson, style: StatusStyle): string {
  const language = languageOf(style.locale);
  const link = withoutPasswords(style.link);
  const overdue = status.feeds
    .flatMap((feed) => overdueOf(feed, style))
    .sort((a, b) => b.since - a.since || (a.feed.url < b.feed.url ? -1 : 1))
    .slice(0, MAX_ENTRIES);
  const self = link === "" ? undefined : `${link}feeds-status.xml`;
  const parts = [
    textElement("title", `${withoutPasswords(status.planet)}: ${language.feeds.failing}`),
    textElement("id", self ?? hashedId("feeds-status", status.planet)),
    self === undefined ? "" : element("link", { rel: "self", type: "application/atom+xml", href: self }),
    pageLink(link),
    textElement("updated", isoDate(Math.max(0, ...overdue.map(({ reported }) => reported)))),
    element("author", {}, textElement("name", withoutPasswords(status.planet) || "Planet")),
    ...overdue.map((each) => entryOf(each, language, style)),
  ];
  const attributes = { xmlns: "http://www.w3.org/2005/Atom", "xml:lang": languageTag(style.locale) };
  return xmlDocument(element("feed", attributes, ["\n", parts.filter(Boolean).join("\n"), "\n"]));
}

function overdueOf(feed: StatusFeed, { reportAfter }: StatusStyle): Overdue[] {
  const since = Date.parse(feed.failing_since ?? "");
  if (!feed.needs_attention || !Number.isFinite(since)) return [];
  return [{ feed, since, reported: since + reportAfter * DAY_MS }];
}

function entryOf({ feed, since, reported }: Overdue, language: Language, style: StatusStyle): string {
  const { feeds } = language;
  const { plain, detail } = reasonOf(feed, language);
  const read = feed.last_ok === undefined ? feeds.never : dayText(Date.parse(feed.last_ok), style);
  const text = [plain, detail, `${feeds.address}: ${feed.url}`, `${feeds.last_read}: ${read}`];
  return element("entry", {}, [
    textElement("title", fill(feeds.failing_feed, { name: feed.name, day: dayText(since, style) })),
    textElement("id", hashedId("failing", feed.url, isoDate(since))),
    pageLink(withoutPasswords(style.link)),
    textElement("published", isoDate(reported)),
    textElement("updated", isoDate(reported)),
    textElement("content", text.filter(Boolean).join("\n"), { type: "text" }),
  ]);
}

const pageLink = (link: string) =>
  link === "" ? "" : element("link", { rel: "alternate", type: "text/html", href: `${link}feeds.html` });
