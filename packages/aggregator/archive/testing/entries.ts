import type { Entry } from "../../entry/types.ts";
import { htmlOfText } from "../../text/cleanHtml.ts";
import { feedKey } from "../keys.ts";
import type { ArchivedEntry } from "../types.ts";

export const FEED = "http://a.test/feed";

/** An entry that the archive has; its words tell which it is. */
export function archived(id: string, more: Partial<ArchivedEntry> = {}): ArchivedEntry {
  const order = more.order ?? Date.parse("2026-05-02");
  return {
    ...{ id, at: 1, seen: 1, index: 0, order, date: Number.isFinite(order) ? order : undefined },
    ...{ feed: feedKey(FEED), name: "A", title: htmlOfText(id), link: "http://a.test/1" },
    ...{ author: "", language: "", categories: [], teaser: "" },
    ...more,
  };
}

/** The same as a build has it. */
export function shown({ id, order, seen, index }: ArchivedEntry): Entry {
  return { id, recordId: id, order, seen, index } as Entry;
}
