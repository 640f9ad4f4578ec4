import { plainName } from "../sanitize/text.ts";
import { type CleanHtml, cleanHtml, htmlOfText } from "../text/cleanHtml.ts";
import { escapeXml } from "../text/xml.ts";
import { anchorOf } from "./addresses.ts";
import { isoDay } from "./dateFormat.ts";
import { firstWords } from "./firstWords.ts";
import { dayName, type EntryContext, entryLanguage, type ShownEntry } from "./model.ts";
import { languageOf } from "./words/languages.ts";

/** Entries as a list of their titles by day, one line each. `root` leads to the folder of the planet. */
export function titleList(entries: readonly ShownEntry[], context: EntryContext, root: string): CleanHtml {
  const days: { readonly day: string; readonly lines: string[] }[] = [];
  for (const shown of entries) {
    const { order } = shown.entry;
    const day = Number.isFinite(order) ? isoDay(order, context.config.timezone) : "";
    if (days.at(-1)?.day !== day) days.push({ day, lines: [] });
    days.at(-1)?.lines.push(line(shown, context, root));
  }
  const sections = days.map(({ day, lines }) => {
    const name = escapeXml(dayName(day, context.config));
    const heading = day === "" ? name : `<time datetime="${day}">${name}</time>`;
    return `<section class="day">\n<h2>${heading}</h2>\n<ul class="titles">\n${lines.join("\n")}\n</ul>\n</section>`;
  });
  return cleanHtml(sections.join("\n"));
}

/** By text and attributes that are escaped here, and titles that are clean. */
function line({ entry, clean }: ShownEntry, { config, channels }: EntryContext, root: string): string {
  const { parsed, channel } = entry;
  const { name = "", page = "", link: home = "" } = channels[channel.index] ?? {};
  const link = parsed.link ?? home;
  const language = entryLanguage(parsed);
  const author = () => plainName(parsed.author ?? channel.config.author ?? name);
  const title =
    clean.titleHtml ||
    htmlOfText(firstWords(clean.summaryText) || `${languageOf(config.locale).words.entry_by} ${author()}`);
  const [start, end] = link === "" ? ['<span class="p-name">', "</span>"] : [linkTo(link), "</a>"];
  return (
    `<li id="${anchorOf(entry.id)}" class="h-entry"${language === "" ? "" : ` lang="${language}"`}>` +
    `${start}<bdi>${title}</bdi>${end} ` +
    `<a class="of" href="${escapeXml(root + page)}"><bdi>${escapeXml(name)}</bdi></a></li>`
  );
}

const linkTo = (link: string) => `<a class="p-name u-url" href="${escapeXml(link)}">`;
