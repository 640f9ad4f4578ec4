import { normalisedLink } from "../entry/addresses.ts";
import { FetchError } from "../fetch/errors.ts";
import type { Fetched } from "../fetch/fetchFeed.ts";
import { parseDocument } from "../parse/parseDocument.ts";
import { type KeepRules, type OutcomeFacts, withDocument } from "./feedOutcome.ts";
import { type WrittenRecord, writtenRecord } from "./feedRecord.ts";

/** A document that came, and what its feed's record becomes with it. All of it crosses a thread. */
export interface ReadRequest {
  readonly facts: OutcomeFacts & { readonly fetched: Fetched & { readonly body: Uint8Array } };
  readonly bodyHash: string;
  readonly rules: KeepRules;
  /** planet.ini takes it for a reading list. */
  readonly isReadingList: boolean;
  /** By `normalisedLink`: a planet that reads itself would show its entries as those of a blog. */
  readonly ownFeeds: readonly string[];
  /** See withoutTexts. */
  readonly categories: ReadonlySet<string>;
}

/**
 * Bytes → record. Runs in the reader thread, whose memory is the only one that texts ever come into.
 * @throws {FetchError} when it is not the document that planet.ini means.
 */
export async function readDocument(request: ReadRequest): Promise<WrittenRecord> {
  const { facts, rules } = request;
  const { body: bytes, contentType, finalUrl: url } = facts.fetched;
  const document = await parseDocument({ bytes, contentType, url, now: facts.now });
  const { selfLink, format, entries } = document.feed;
  if (selfLink !== undefined && request.ownFeeds.includes(normalisedLink(selfLink))) {
    throw new FetchError("own-feed", "this is the planet's own feed");
  }
  if (request.isReadingList !== (format === "opml")) {
    const what = request.isReadingList ? "is not a reading list" : "is a reading list, not a feed";
    throw new FetchError("not-feed", `the answer ${what}`);
  }
  // Far more often an accident than intended; if it is intended, the entries go after keep_days.
  if (entries.length === 0 && (facts.record.feed?.entries.length ?? 0) > 0) {
    throw new FetchError("not-feed", "the feed has no entries any more");
  }
  return writtenRecord(withDocument(facts, document, request.bodyHash, rules), request.categories);
}
