import { parseOpml } from "feedsmith";
import { FetchError } from "../fetch/errors.ts";
import { firstOf, httpUrl, type Surroundings } from "./fields.ts";
import type { Outline, ParsedFeed } from "./types.ts";

/** A reading list is written by somebody else: it must not be able to make us ask thousands of servers. */
const MAX_OUTLINES = 1_000;

interface Node {
  readonly text?: string;
  readonly title?: string;
  readonly type?: string;
  readonly xmlUrl?: string;
  readonly url?: string;
  readonly htmlUrl?: string;
  readonly outlines?: readonly Node[];
}

/**
 * A reading list (OPML 1.0, 2.0) as a feed without entries.
 * @throws {FetchError} `parse`.
 */
export function adaptOpml(text: string, around: Surroundings): ParsedFeed {
  const found = new Map<string, Outline>();
  let skipped = 0;
  const visit = (nodes: readonly Node[]) => {
    for (const node of nodes) {
      const address = feedAddress(node);
      const url = httpUrl(address, around.url);
      if (url !== undefined && (found.size < MAX_OUTLINES || found.has(url))) {
        const name = firstOf(node.text, node.title) ?? new URL(url).host;
        if (!found.has(url)) found.set(url, { url, name, link: httpUrl(node.htmlUrl, around.url) });
      } else if (address !== undefined) skipped += 1;
      visit(node.outlines ?? []);
    }
  };
  visit(outlinesOf(text));
  return { format: "opml", entries: [], outlines: [...found.values()], skipped, repaired: false };
}

/** Some programs write `url`, which OPML has for links to pages; `feed:` is what browsers once registered for. */
function feedAddress({ xmlUrl, url, type }: Node): string | undefined {
  const written = firstOf(xmlUrl) ?? (/rss|atom|rdf|feed/i.test(type ?? "") ? firstOf(url, "feed:") : undefined);
  const rest = /^feed:(.*)$/is.exec(written ?? "")?.[1];
  if (rest === undefined) return written;
  return rest.startsWith("//") ? `http:${rest}` : rest;
}

function outlinesOf(text: string): readonly Node[] {
  try {
    return (parseOpml(text).body?.outlines ?? []) as readonly Node[];
  } catch (cause) {
    throw new FetchError("parse", "the reading list is too broken to be read", { cause });
  }
}
