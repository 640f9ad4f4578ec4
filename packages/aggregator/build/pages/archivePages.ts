import { type MonthFacts, shortKey } from "../../archive/archiveStore.ts";
import { feedKey } from "../../archive/keys.ts";
import { ARCHIVE, type ArchivePart, entriesOf, partsOf } from "../../archive/parts.ts";
import { type ArchivedEntry, UNDATED } from "../../archive/types.ts";
import { monthText } from "../../render/pageDates.ts";
import { hereOf, type MonthModel, subPageOf } from "../../render/subPage.ts";
import { type TitleLine, titleList } from "../../render/titleList.ts";
import type { ChannelModel } from "../../render/types.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

/** The list of months, and a page of titles for each. Only a month that has changed is read. */
export function* archivePages(maker: PageMaker): Generator<PlannedPage> {
  const { months } = maker.facts.archive;
  const parts = partsOf(months);
  yield listOfMonths(maker, parts);
  const channels = channelsByKey(maker);
  for (const [index, part] of parts.entries()) {
    const turns = { newer: parts[index - 1]?.address ?? "", older: parts[index + 1]?.address ?? "" };
    yield monthPage(maker, { part, turns, channels, facts: months.get(part.month) });
  }
}

function listOfMonths(maker: PageMaker, parts: readonly ArchivePart[]): PlannedPage {
  const months = parts.map((part): MonthModel => {
    return { address: part.address, text: titleOf(maker, part), count: part.count };
  });
  const here = hereOf("months", ARCHIVE, maker.frame.words.archive);
  return {
    files: [ARCHIVE],
    fingerprint: maker.fingerprint([here, months]),
    async make() {
      const page = subPageOf(maker.frame, here, { months });
      return { files: new Map([[ARCHIVE, await maker.draw(page)]]), isWhole: true };
    },
  };
}

interface MonthPage {
  readonly part: ArchivePart;
  readonly turns: { readonly newer: string; readonly older: string };
  readonly channels: ReadonlyMap<string, ChannelModel>;
  readonly facts: MonthFacts | undefined;
}

function monthPage(maker: PageMaker, { part, turns, channels, facts }: MonthPage): PlannedPage {
  const { address, month } = part;
  const { config, sortedMonth } = maker.facts;
  const here = hereOf("month", address, titleOf(maker, part));
  const inMonth = new Set(facts?.feeds);
  // In the order of planet.ini, which decides ties.
  const names = [...channels].filter(([key]) => inMonth.has(shortKey(key)));
  return {
    files: [address],
    fingerprint: maker.fingerprint([
      here,
      turns,
      facts?.hash,
      names.map(([, { name, page, link }]) => [name, page, link]),
    ]),
    async make() {
      const entries = entriesOf(part, await sortedMonth(month));
      const lines = entries.map((entry) => archivedLine(entry, channels.get(entry.feed)));
      const page = subPageOf(maker.frame, here, { titles_html: titleList(lines, config, here.root), ...turns });
      return { files: new Map([[address, await maker.draw(page)]]), isWhole: true };
    },
  };
}

/** @param channel absent when planet.ini no longer has it */
function archivedLine(entry: ArchivedEntry, channel: ChannelModel | undefined): TitleLine {
  const { name, page, link } = channel ?? { name: entry.name, page: "", link: "" };
  const { id, order, title, teaser: words, author, language } = entry;
  return {
    id,
    order,
    title,
    words,
    author: author || name,
    link: entry.link || link,
    language,
    channel: { name, page },
  };
}

/** In the order of planet.ini. */
function channelsByKey({ facts: { channels, config } }: PageMaker): Map<string, ChannelModel> {
  const byKey = new Map<string, ChannelModel>();
  for (const [index, channel] of channels.entries()) {
    const key = feedKey(config.feeds[index]?.url ?? "");
    if (!byKey.has(key)) byKey.set(key, channel);
  }
  return byKey;
}

function titleOf({ facts, frame }: PageMaker, { month, part }: ArchivePart): string {
  const title = month === UNDATED ? frame.words.undated : monthText(Date.parse(`${month}-01T00:00:00Z`), facts.config);
  return part === 1 ? title : `${title} (${part})`;
}
