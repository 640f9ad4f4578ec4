import { FetchError } from "../fetch/errors.ts";
import { parseDocument, type RawDocument } from "../parse/parseDocument.ts";
import { titleText } from "../sanitize/titles.ts";

/** What somebody who thinks of subscribing to a feed wants to know of it. */
export interface TriedDocument {
  readonly format: "rss" | "atom" | "rdf" | "json";
  /** Plain text; empty when the feed has none. */
  readonly title: string;
  readonly entries: number;
  readonly newest?: Date;
  /** It was broken XML that could be repaired. */
  readonly repaired: boolean;
}

/** Belongs into a reader thread. @throws {FetchError} */
export async function tryDocument(document: RawDocument): Promise<TriedDocument> {
  const { feed } = await parseDocument(document);
  if (feed.format === "opml") throw new FetchError("not-feed", "it is a reading list (OPML), not a feed");
  let newest: number | undefined;
  for (const { published, updated } of feed.entries) {
    const date = published ?? updated;
    if (date !== undefined && (newest === undefined || date > newest)) newest = date;
  }
  return {
    format: feed.format,
    title: titleText(feed.title),
    entries: feed.entries.length,
    ...(newest !== undefined && { newest: new Date(newest) }),
    repaired: feed.repaired,
  };
}
