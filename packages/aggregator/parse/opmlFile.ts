import { Parser } from "htmlparser2";
import { FetchError } from "../fetch/errors.ts";
import { collapse } from "../sanitize/text.ts";
import { decode } from "./decode.ts";

/** A feed of an OPML file that somebody brings along. */
export interface OpmlFeed {
  /** As it is written; whether it is an address is for the reader to judge. */
  readonly url: string;
  /** Empty when the file gives none. */
  readonly name: string;
  /** The blog's address, as written, or empty. */
  readonly link: string;
  /** Names of the outlines around it, the outermost first. */
  readonly groups: readonly string[];
}

const FEEDS_LIMIT = 20_000;
const GROUPS_KEPT = 8;
const NAME_LENGTH = 300;
/** Each level costs the parser more than the one before. */
const MAX_DEPTH = 1_000;

/**
 * All feeds of an OPML 1 or 2 file, in its order: also of one that is not well-formed, in any encoding, with attributes in any
 * case. Reads it once, without recursion; declared entities stay text. A list in the list (`type="include"`) is no feed.
 * @throws {FetchError} `encoding`; `parse` for one that is too deep.
 */
export function readOpmlFile(bytes: Uint8Array): OpmlFeed[] {
  const feeds: OpmlFeed[] = [];
  const open: string[] = [];
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH) throw new FetchError("parse", `the list is more than ${MAX_DEPTH} levels deep`);
        if (name.toLowerCase() !== "outline") return;
        const outline = new Map(Object.entries(attributes).map(([key, value]) => [key.toLowerCase(), value.trim()]));
        const feed = feedOf(outline, open);
        if (feed !== undefined && feeds.length < FEEDS_LIMIT) feeds.push(feed);
        // A feed may hold outlines, too, but is no group.
        open.push(feed === undefined ? nameOf(outline) : "");
      },
      onclosetag(name) {
        depth -= 1;
        if (name.toLowerCase() === "outline") open.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(decode(bytes).text);
  return feeds;
}

function feedOf(outline: ReadonlyMap<string, string>, open: readonly string[]): OpmlFeed | undefined {
  const type = outline.get("type")?.toLowerCase() ?? "";
  const url = outline.get("xmlurl") || (/rss|atom|rdf|feed/.test(type) ? outline.get("url") : undefined);
  if (!url || type === "include") return undefined;
  const groups = open.slice(0, GROUPS_KEPT).filter((name) => name !== "");
  return { url, name: nameOf(outline), link: outline.get("htmlurl") ?? "", groups };
}

const nameOf = (outline: ReadonlyMap<string, string>): string =>
  collapse(outline.get("text") || outline.get("title") || "").slice(0, NAME_LENGTH);
