import type { PlanetConfig } from "@planet/content";
import { plainName } from "../sanitize/text.ts";
import { type CleanHtml, cleanHtml, htmlOfText } from "../text/cleanHtml.ts";
import { escapeXml } from "../text/xml.ts";
import { anchorOf } from "./addresses.ts";
import { isoDay } from "./dateFormat.ts";
import { firstWords } from "./firstWords.ts";
import { dayName, type EntryContext, entryLanguage, type ShownEntry } from "./model.ts";
import type { ChannelModel } from "./types.ts";
import { languageOf } from "./words/languages.ts";

/** An entry as a list of titles has it. What it lacks is empty. */
export interface TitleLine {
  readonly id: string;
  readonly order: number;
  readonly title: CleanHtml;
  /** Its first words, for one without a title. */
  readonly words: string;
  readonly author: string;
  readonly link: string;
  readonly language: string;
  /** Of its blog; `page` is empty when planet.ini no longer has that. */
  readonly channel: Pick<ChannelModel, "name" | "page">;
}

export function titleLine({ entry, clean }: ShownEntry, { channels }: EntryContext): TitleLine {
  const { id, order, parsed, channel } = entry;
  const { name = "", page = "", link: home = "" } = channels[channel.index] ?? {};
  return {
    ...{ id, order },
    title: clean.titleHtml,
    words: clean.summaryText,
    author: plainName(parsed.author ?? channel.config.author ?? name),
    link: parsed.link ?? home,
    language: entryLanguage(parsed),
    channel: { name, page },
  };
}

/** Entries as a list of their titles by day, one line each. `root` leads to the folder of the planet. */
export function titleList(entries: readonly TitleLine[], config: PlanetConfig, root: string): CleanHtml {
  const days: { readonly day: string; readonly lines: string[] }[] = [];
  for (const entry of entries) {
    const day = Number.isFinite(entry.order) ? isoDay(entry.order, config.timezone) : "";
    if (days.at(-1)?.day !== day) days.push({ day, lines: [] });
    days.at(-1)?.lines.push(lineOf(entry, config, root));
  }
  const sections = days.map(({ day, lines }) => {
    const name = escapeXml(dayName(day, config));
    const heading = day === "" ? name : `<time datetime="${day}">${name}</time>`;
    return `<section class="day">\n<h2>${heading}</h2>\n<ul class="titles">\n${lines.join("\n")}\n</ul>\n</section>`;
  });
  return cleanHtml(sections.join("\n"));
}

/** By text and attributes that are escaped here, and titles that are clean. */
function lineOf({ id, language, link, channel, ...entry }: TitleLine, { locale }: PlanetConfig, root: string): string {
  const title =
    entry.title || htmlOfText(firstWords(entry.words) || `${languageOf(locale).words.entry_by} ${entry.author}`);
  const [start, end] = link === "" ? ['<span class="p-name">', "</span>"] : [linkTo(link), "</a>"];
  const name = `<bdi>${escapeXml(channel.name)}</bdi>`;
  return (
    `<li id="${anchorOf(id)}" class="h-entry"${language === "" ? "" : ` lang="${language}"`}>` +
    `${start}<bdi>${title}</bdi>${end} ` +
    `${channel.page === "" ? `<span class="of">${name}</span>` : `<a class="of" href="${escapeXml(root + channel.page)}">${name}</a>`}</li>`
  );
}

const linkTo = (link: string) => `<a class="p-name u-url" href="${escapeXml(link)}">`;
