import { parseFeed } from "feedsmith";
import { FetchError } from "../fetch/errors.ts";
import { adaptAtom } from "./atom.ts";
import { type Decoded, decode } from "./decode.ts";
import type { Surroundings } from "./fields.ts";
import { adaptJson } from "./jsonFeed.ts";
import { adaptOpml } from "./opml.ts";
import { repairXml } from "./repair.ts";
import { adaptRdf, adaptRss } from "./rss.ts";
import { tidyDocument } from "./tidy.ts";
import type { ParsedEntry, ParsedFeed } from "./types.ts";

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

async function parseText(decoded: Decoded, around: Surroundings): Promise<ParsedFeed> {
  const text = tidyDocument(decoded.text);
  if (/<opml[\s>]/i.test(text.slice(0, 2_000))) return adaptOpml(text, around);
  const feed = tryParse(text, around);
  if (feed !== undefined) return decodeBase64(text, feed);
  if (!looksLikeFeed(text)) throw notAFeed(text);
  const repaired = await repairXml(text);
  const second = tryParse(repaired.text, around);
  if (second === undefined) throw new FetchError("parse", "the feed is too broken to be read");
  const whole = repaired.truncated ? second.entries.slice(0, -1) : second.entries;
  if (whole.length === 0) throw new FetchError("parse", "the feed is cut off before the end of its first entry");
  return { ...second, entries: whole, repaired: true };
}

function tryParse(text: string, around: Surroundings): ParsedFeed | undefined {
  try {
    const parsed = parseFeed(text);
    switch (parsed.format) {
      case "atom":
        return adaptAtom(parsed.feed, around);
      case "rss":
        return adaptRss(parsed.feed, around);
      case "rdf":
        return adaptRdf(parsed.feed, around);
      case "json":
        return adaptJson(parsed.feed, around);
    }
  } catch {
    return undefined; // the caller decides between repair and refusal
  }
}

function looksLikeFeed(text: string): boolean {
  return /<(?:[\w-]+:)?(?:rss|feed|RDF)[\s>]/.test(text.slice(0, 20_000));
}

function notAFeed(text: string): FetchError {
  const head = text.slice(0, 20_000);
  if (!/<html[\s>]|<!doctype html/i.test(head) && !/<head[\s>]/i.test(head)) {
    return new FetchError("not-feed", "the answer is not a feed");
  }
  const offered = /<link\b[^>]*type=["']application\/(?:rss|atom)\+xml["'][^>]*>/i.exec(head)?.[0];
  const href = /href=["']([^"'\s]{1,500})["']/i.exec(offered ?? "")?.[1];
  // Never followed silently: the address in planet.ini is what its owner reviewed.
  const hint = href === undefined ? "" : `, it names one: ${href}`;
  return new FetchError("not-feed", `the answer is a web page, not a feed${hint}`);
}

/** Atom 0.3 knows `mode="base64"`; the parser drops the attribute, so it is looked for in the document. */
function decodeBase64(document: string, feed: ParsedFeed): ParsedFeed {
  if (feed.format !== "atom" || !/\smode=["']base64["']/.test(document)) return feed;
  const entries = feed.entries.map((entry): ParsedEntry => {
    const compact = entry.content?.value.replace(/\s+/g, "") ?? "";
    if (entry.content === undefined || !/^[A-Za-z0-9+/]{4,}={0,2}$/.test(compact)) return entry;
    const value = decode(Buffer.from(compact, "base64")).text;
    return { ...entry, content: { ...entry.content, value } };
  });
  return { ...feed, entries };
}
