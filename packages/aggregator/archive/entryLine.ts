import { type ArchivedEntry, type GoneEntry, isShown } from "./types.ts";

/** An entry as it is stored, without what is empty. Equal entries give equal lines, on every server. */
export function lineOf(entry: ArchivedEntry | GoneEntry): string {
  if (!isShown(entry)) return JSON.stringify({ key: entry.key, at: entry.at, gone: true });
  const { id, at, seen, index, order, date, feed, name, title, link, author, language, categories, teaser } = entry;
  return JSON.stringify({
    ...{ id, at, seen, index },
    // JSON has no infinity.
    order: Number.isFinite(order) ? order : undefined,
    ...{ date, feed },
    ...{ name: filled(name), title: filled(title), link: filled(link), author: filled(author) },
    ...{ language: filled(language), categories: filled(categories), teaser: filled(teaser) },
  });
}

const filled = <Value extends { readonly length: number }>(value: Value): Value | undefined =>
  value.length > 0 ? value : undefined;
