import { type ArchivedEntry, type GoneEntry, isShown } from "./types.ts";

/** An entry as it is stored, without what is empty. Equal entries give equal lines, on every server. */
export function lineOf(entry: ArchivedEntry | GoneEntry): string {
  if (!isShown(entry)) return JSON.stringify({ key: entry.key, at: entry.at, gone: true });
  const { id, at, seen, index, order, date, feed, name, title, link, author, language, categories, teaser } = entry;
  const words = Object.entries({ name, title, link, author, language, categories, teaser });
  return JSON.stringify({
    ...{ id, at, seen, index },
    // JSON has no infinity.
    order: Number.isFinite(order) ? order : undefined,
    ...{ date, feed },
    ...Object.fromEntries(words.filter(([, value]) => value.length > 0)),
  });
}
