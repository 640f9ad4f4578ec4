import { sameCategory } from "@planet/content";
import type { Entry } from "../../entry/types.ts";
import { hereOf } from "../../render/subPage.ts";
import { plainName } from "../../sanitize/text.ts";
import { entriesPage } from "./entriesPage.ts";
import type { PageMaker } from "./pageMaker.ts";
import type { PlannedPage } from "./writePages.ts";

/** A page and an Atom feed for each category that planet.ini names. */
export function* categoryPages(maker: PageMaker): Generator<PlannedPage> {
  const { front, sorted } = maker.facts;
  const wanted = new Map(front.categories.map(({ name }) => [sameCategory(name), [] as Entry[]]));
  for (const entry of sorted) {
    const own = new Set(entry.parsed.categories.map((name) => sameCategory(plainName(name))));
    for (const [category, entries] of wanted) if (own.has(category)) entries.push(entry);
  }
  for (const { name, page, feed } of front.categories) {
    const entries = wanted.get(sameCategory(name)) ?? [];
    yield entriesPage(maker, { here: hereOf("category", page, name, feed), entries, channels: [] });
  }
}
