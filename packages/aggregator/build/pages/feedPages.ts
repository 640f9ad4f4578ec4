import { byOrder } from "../../entry/window.ts";
import { atomFeed } from "../../render/feeds.ts";
import { hereOf, subPageOf } from "../../render/subPage.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

/** Newest entries on a feed's page and in its Atom feed. Older ones are in the archive. */
const SHOWN = 20;
/** So many texts are cleaned at most when nothing is there yet. The pages of a larger planet have titles alone. */
const MAX_TEXTS = 2_000;

/** A page and an Atom feed for each feed. */
export function* feedPages(maker: PageMaker): Generator<PlannedPage> {
  const { channels, collected, config, ownerEmail } = maker.facts;
  const hasTexts = channels.length * SHOWN <= MAX_TEXTS;
  for (const [index, channel] of channels.entries()) {
    const entries = [...(collected[index] ?? [])].sort(byOrder).slice(0, SHOWN);
    const here = hereOf("feed", channel.page, channel.name, channel.page_feed);
    yield {
      files: [channel.page, channel.page_feed],
      fingerprint: maker.fingerprint([
        ...[here, channel, config.feeds[index]?.author, hasTexts],
        ...[entries.slice(0, 1).map((entry) => maker.sourceOf(entry)), entries.map(({ id, order }) => [id, order])],
      ]),
      async make() {
        const { isWhole, ...shown } = await maker.entries(entries, hasTexts);
        const page = subPageOf(maker.frame, here, { ...shown, channels: [channel] });
        const files = new Map([
          [channel.page, await maker.draw(page)],
          [channel.page_feed, atomFeed({ page, ownerEmail }, here)],
        ]);
        return { files, isWhole };
      },
    };
  }
}
