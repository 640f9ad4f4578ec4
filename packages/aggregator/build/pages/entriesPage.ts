import type { Entry } from "../../entry/types.ts";
import { atomFeed } from "../../render/feeds.ts";
import { entryModels, type ShownEntry } from "../../render/model.ts";
import { type Here, subPageOf } from "../../render/subPage.ts";
import { titleLine, titleList } from "../../render/titleList.ts";
import type { ChannelModel } from "../../render/types.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

/** Newest entries on a page and in its Atom feed. Older ones are in the archive. */
const SHOWN = 20;
/** So many texts are cleaned at most when nothing is there yet. The pages of a larger planet have titles alone. */
const MAX_TEXTS = 2_000;

/** What a page of entries shows. */
interface EntriesPage {
  readonly here: Here;
  /** In their order. */
  readonly entries: readonly Entry[];
  /** Whose entries these are, if they are of one blog. */
  readonly channels: readonly ChannelModel[];
}

/** A page of the newest of some entries, and an Atom feed of the same. */
export function entriesPage(maker: PageMaker, { here, entries: all, channels }: EntriesPage): PlannedPage {
  const { facts, frame } = maker;
  const entries = all.slice(0, SHOWN);
  const linesOf = (shown: readonly ShownEntry[]) => shown.map((each) => titleLine(each, facts));
  const hasTexts = (facts.channels.length + facts.config.categories.length) * SHOWN <= MAX_TEXTS;
  const sources = new Map(entries.map((entry) => [entry.channel.index, entry]));
  return {
    files: [here.address, here.feed],
    fingerprint: maker.fingerprint([
      ...[here, channels, hasTexts],
      [...sources].map(([index, entry]) => [facts.channels[index], maker.sourceOf(entry)]),
      entries.map(({ id, order, alsoIn }) => [id, order, alsoIn, facts.permalinks.get(id)]),
    ]),
    async make() {
      const { shown, isWhole, ...made } = hasTexts
        ? await maker.withTexts(entries)
        : { shown: await maker.titles(entries), hasTexts, isWhole: true };
      const models = entryModels(shown, facts);
      const body = made.hasTexts ? models : { titles_html: titleList(linesOf(shown), facts.config, here.root) };
      const files = new Map([
        [here.address, await maker.draw(subPageOf(frame, here, { ...body, channels }))],
        [here.feed, atomFeed({ page: { ...frame, ...models }, ownerEmail: facts.ownerEmail }, here)],
      ]);
      return { files, isWhole };
    },
  };
}
