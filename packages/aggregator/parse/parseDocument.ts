import { parseAtomFeed, parseJsonFeed, parseRdfFeed, parseRssFeed } from "feedsmith";
import { FetchError } from "../fetch/errors.ts";
import { adaptAtom } from "./atom.ts";
import { markBase64 } from "./base64.ts";
import { type Decoded, decode } from "./decode.ts";
import type { Surroundings } from "./fields.ts";
import { adaptJson } from "./jsonFeed.ts";
import { withoutLongPeople } from "./longPeople.ts";
import { notAFeed } from "./notAFeed.ts";
import { adaptOpml } from "./opml.ts";
import { repairXml } from "./repair.ts";
import { adaptRdf, adaptRss } from "./rss.ts";
import { hasWholeTags, type TidyDocument, tidyDocument } from "./tidy.ts";
import type { ParsedFeed } from "./types.ts";
import { withKnownElements } from "./unknownElements.ts";

/** A document as it came from the server. */
export interface RawDocument {
  readonly bytes: Uint8Array;
  readonly contentType?: string | undefined;
  /** Where it finally came from. */
  readonly url: string;
  readonly now: number;
}

/** The feed in it, and the encoding it was read in. */
export interface ParsedDocument {
  readonly feed: ParsedFeed;
  readonly encoding: string;
  readonly doubtful: boolean;
}

/**
 * Bytes → feed.
 * @throws {FetchError} `encoding`, `not-feed` when it is not a feed at all, `parse` for a feed beyond repair.
 */
export async function parseDocument(raw: RawDocument): Promise<ParsedDocument> {
  const decoded = decode(raw.bytes, raw.contentType);
  const feed = await parseText(decoded, { url: raw.url, now: raw.now });
  return { feed, encoding: decoded.encoding, doubtful: decoded.doubtful };
}

/** The parser takes this end tag for that of the entry, and loses what follows. */
const MISNESTED =
  /<\/(?:description|content:encoded)>\s{0,100}<\/(?:[abipu]|blockquote|div|em|font|h\d|li|ol|pre|span|strong|table|td|tr|ul)>/i;

async function parseText(decoded: Decoded, around: Surroundings): Promise<ParsedFeed> {
  const document = tidyDocument(decoded.text);
  if (document.root === "opml") return adaptOpml(await wholeTags(document.text), around);
  if (document.root === "html" || document.root === "unknown") throw await notAFeed(document.text, around);
  const isXml = document.root !== "json";
  const needsRepair = isXml && (!hasWholeTags(document.text) || MISNESTED.test(document.text));
  const feed = needsRepair ? undefined : tryParse(document, around);
  if (feed !== undefined) return feed;
  if (!isXml) throw new FetchError("not-feed", "the answer is not a feed");
  const repaired = await repairXml(document.text);
  const second = tryParse({ ...document, text: repaired.text }, around);
  if (second !== undefined && second.entries.length > 0) return { ...second, repaired: true };
  const what = repaired.truncated ? "is cut off before the end of its first entry" : "is too broken to be read";
  throw new FetchError("parse", `the feed ${what}`);
}

const wholeTags = async (text: string) => (hasWholeTags(text) ? text : (await repairXml(text)).text);

function tryParse({ root, text }: TidyDocument, around: Surroundings): ParsedFeed | undefined {
  try {
    switch (root) {
      case "atom":
        return adaptAtom(parseAtomFeed(markBase64(withKnownElements(text, root))), around);
      case "rss":
        return adaptRss(parseRssFeed(withoutLongPeople(withKnownElements(text, root))), around);
      case "rdf":
        return adaptRdf(parseRdfFeed(withKnownElements(text, root)), around);
      case "json":
        return adaptJson(parseJsonFeed(text), around);
      default:
        return undefined;
    }
  } catch {
    return undefined; // the caller decides between repair and refusal
  }
}
