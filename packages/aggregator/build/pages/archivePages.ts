import { ARCHIVE, type ArchivePart } from "../../render/archive.ts";
import { monthText } from "../../render/pageDates.ts";
import { hereOf, type MonthModel, subPageOf } from "../../render/subPage.ts";
import { titleList } from "../../render/titleList.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

/** The list of months, and a page of titles for each. */
export function* archivePages(maker: PageMaker): Generator<PlannedPage> {
  yield listOfMonths(maker);
  const { archive } = maker.facts;
  for (const [index, part] of archive.entries()) {
    const turns = { newer: archive[index - 1]?.address ?? "", older: archive[index + 1]?.address ?? "" };
    yield monthPage(maker, part, turns);
  }
}

function listOfMonths(maker: PageMaker): PlannedPage {
  const months = maker.facts.archive.map((part): MonthModel => {
    return { address: part.address, text: titleOf(maker, part), count: part.entries.length };
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

function monthPage(maker: PageMaker, part: ArchivePart, turns: { newer: string; older: string }): PlannedPage {
  const { address, entries } = part;
  const here = hereOf("month", address, titleOf(maker, part));
  const listed = entries.map(({ id, order, teaser, channel: { index }, parsed: { title, link, author, language } }) => {
    return [id, order, teaser, index, title, link, author, language];
  });
  const indices = new Set(entries.map(({ channel: { index } }) => index));
  const names = [...indices].map((index) => [
    index,
    maker.facts.channels[index]?.name,
    maker.facts.channels[index]?.page,
  ]);
  return {
    files: [address],
    fingerprint: maker.fingerprint([here, turns, listed, names]),
    async make() {
      const titles_html = titleList(await maker.titles(entries), maker.facts, here.root);
      const page = subPageOf(maker.frame, here, { titles_html, ...turns });
      return { files: new Map([[address, await maker.draw(page)]]), isWhole: true };
    },
  };
}

function titleOf({ facts, frame }: PageMaker, { month, part }: ArchivePart): string {
  const title = month === "" ? frame.words.undated : monthText(Date.parse(`${month}-01T00:00:00Z`), facts.config);
  return part === 1 ? title : `${title} (${part})`;
}
