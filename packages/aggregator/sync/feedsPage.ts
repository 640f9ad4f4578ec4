import type { StatusFeed, StatusJson } from "@planet/content";
import { zoneName } from "../render/dateFormat.ts";
import { timeText } from "../render/pageDates.ts";
import { themeFile } from "../render/theme/files.ts";
import { fill } from "../render/words/fill.ts";
import { directionOf, languageOf, languageTag } from "../render/words/languages.ts";
import type { Language } from "../render/words/types.ts";
import { element, textElement } from "../render/xml.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { escapeXml } from "../text/xml.ts";
import { reasonOf } from "./feedReason.ts";
import type { StatusStyle } from "./statusStyle.ts";

const FAILING = new Set(["failing", "gone"]);

/** What every part of the page is written with. */
interface Hand {
  readonly language: Language;
  readonly style: StatusStyle;
}

/**
 * `feeds.html`: status.json for people, in the frame of the front page. It is made without templates, so that it says what is
 * wrong with one; it is linked with no file but the theme's.
 */
export function feedsPage(status: StatusJson, style: StatusStyle): string {
  const hand: Hand = { language: languageOf(style.locale), style };
  const { words, feeds } = hand.language;
  const name = withoutPasswords(status.planet) || "Planet";
  const failing = status.feeds.filter(({ state }) => FAILING.has(state));
  const others = status.feeds.filter(({ state }) => !FAILING.has(state));
  const count = fill(feeds.read_of, { ok: status.counts.ok, all: status.counts.feeds });
  return `<!doctype html>
<html lang="${escapeXml(languageTag(style.locale))}" dir="${directionOf(style.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escapeXml(`${feeds.title} · ${name}`)}</title>
<link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="planet.css">
<link rel="icon" href="favicon.ico">
<link rel="alternate" type="application/atom+xml" title="${escapeXml(feeds.failing)}" href="feeds-status.xml">
</head>
<body>
<header class="masthead">
<div class="masthead-inner">
<a class="brand" href="./" rel="home">${logo(style)}<h1>${escapeXml(name)}</h1></a>
<nav class="quick" aria-label="${escapeXml(words.this_page)}">
<a href="./">${escapeXml(feeds.back)}</a>
<a class="pill" href="feeds-status.xml" type="application/atom+xml">${escapeXml(feeds.follow_failing)}</a>
</nav>
</div>
</header>
<div class="columns">
<main class="feeds">
<h2>${escapeXml(feeds.title)}</h2>
<p class="summary">${escapeXml(count)}<br>${escapeXml(feeds.as_of)} ${time(status.generated_at, hand)}</p>
${section(
  feeds.failing,
  failing.map((feed) => failingFeed(feed, hand)),
)}${table(others, failing.length > 0 ? feeds.others : "", hand)}
${remarks(feeds.edits_refused, status.rejected.map(rejectedLine))}${remarks(
  feeds.edits_in_effect,
  status.drift.filter(({ applied }) => applied).map((edit) => edit.name),
)}${remarks(
  feeds.problems,
  status.degraded.map(({ name: file, code, message }) => `${file === "" ? code : `${file}: ${code}`}: ${message}`),
)}${remarks(feeds.warnings, status.warnings)}</main>
</div>
</body>
</html>
`;
}

function logo({ logo: file }: StatusStyle): string {
  if (file === "none") return "";
  if (file === "") return Buffer.from(themeFile("mark.liquid")).toString("utf8").trim();
  return `<img class="logo" src="${escapeXml(file)}" alt="" height="44">`;
}

function failingFeed(feed: StatusFeed, { language, style }: Hand): string {
  const { feeds } = language;
  const { plain, detail } = reasonOf(feed, language);
  const facts = [
    [feeds.since, feed.failing_since],
    [feeds.last_read, feed.last_ok],
    [feeds.last_entry, feed.newest],
    [feeds.next_try, feed.next_try],
  ] as const;
  const rows = facts.map(([label, at]) => {
    const value = at === undefined ? escapeXml(feeds.never) : time(at, { language, style });
    return `<div><dt>${escapeXml(label)}</dt><dd>${value}</dd></div>`;
  });
  return element("li", { class: feed.needs_attention ? "overdue" : undefined }, [
    element("h4", {}, name(feed, language)),
    textElement("p", plain, { class: "reason" }),
    // The engine's own words, for who looks after the feed: they name hosts and addresses.
    textElement("p", detail, { class: "detail", lang: "en", dir: "ltr" }),
    element("dl", {}, rows),
  ]);
}

function table(others: readonly StatusFeed[], title: string, hand: Hand): string {
  if (others.length === 0) return "";
  const { feeds } = hand.language;
  const head = [feeds.feed, feeds.last_entry].map((label) => textElement("th", label, { scope: "col" }));
  const rows = others.map((feed) => {
    const entry = feed.newest === undefined ? escapeXml(feeds.never) : time(feed.newest, hand);
    const cells = [
      element("th", { scope: "row" }, [name(feed, hand.language), note(feed, hand)]),
      element("td", {}, entry),
    ];
    return element("tr", {}, cells);
  });
  const parts = [element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows.join("\n"))];
  return `${textElement("h3", title)}\n${element("table", {}, parts)}\n`;
}

/** Leads to its page here, and to the feed itself. */
function name(feed: StatusFeed, { words }: Language): string {
  const shown = textElement("bdi", withoutPasswords(feed.name) || feed.url);
  if (feed.page === undefined) return element("a", { href: feed.url }, shown);
  const source = { class: "feed", href: feed.url, "aria-label": `${words.feed_of} ${withoutPasswords(feed.name)}` };
  return `${element("a", { href: feed.page }, shown)} ${textElement("a", words.feed, source)}`;
}

/** What is to be known of a feed that does not fail. */
function note({ state, moved_to: target = "" }: StatusFeed, { language: { words } }: Hand): string {
  const text =
    state === "never" ? words.not_fetched : state === "moved" ? fill(words.moved_to, { url: target }) : undefined;
  return textElement("small", text);
}

/** An ISO time as the planet writes times. */
function time(iso: string, { style }: Hand): string {
  const at = Date.parse(iso);
  return textElement("time", `${timeText(at, style)} ${zoneName(at, style.timezone)}`, { datetime: iso });
}

function section(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  return `<section>\n${textElement("h3", title)}\n<ul class="failing-feeds">\n${items.join("\n")}\n</ul>\n</section>\n`;
}

/** Lines about the server, as status.json has them: in English. */
function remarks(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => textElement("li", line)).join("\n");
  return `<section>\n${textElement("h3", title)}\n<ul class="remarks" lang="en" dir="ltr">\n${items}\n</ul>\n</section>\n`;
}

function rejectedLine({ name: file, line, message }: StatusJson["rejected"][number]): string {
  return `${file}${line === undefined ? "" : `, line ${line}`}: ${message}`;
}
