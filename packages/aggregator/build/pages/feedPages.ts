import { byOrder } from "../../entry/window.ts";
import { hereOf } from "../../render/subPage.ts";
import { entriesPage } from "./entriesPage.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

/** A page and an Atom feed for each feed, with what it has itself: also what is shown for another feed on the front page. */
export function* feedPages(maker: PageMaker): Generator<PlannedPage> {
  const { channels, collected } = maker.facts;
  for (const [index, channel] of channels.entries()) {
    const entries = [...(collected[index] ?? [])].sort(byOrder);
    const here = hereOf("feed", channel.page, channel.name, channel.page_feed);
    yield entriesPage(maker, { here, entries, channels: [channel] });
  }
}
