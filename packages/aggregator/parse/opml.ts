import { parseOpml } from "feedsmith";
import { FetchError } from "../fetch/errors.ts";
import { firstOf, httpUrl, type Surroundings } from "./fields.ts";
import type { Outline, ParsedFeed } from "./types.ts";

/** A reading list is written by somebody else: it must not be able to make us ask thousands of servers. */
const MAX_OUTLINES = 1_000;

interface Node {
  readonly text?: string;
  readonly title?: string;
  readonly xmlUrl?: string;
  readonly htmlUrl?: string;
  readonly outlines?: readonly Node[];
}

/**
 * A reading list (OPML 1.0, 2.0) as a feed without entries.
 * @throws {FetchError} `parse`.
 */
export function adaptOpml(text: string, around: Surroundings): ParsedFeed {
  const found = new Map<string, Outline>();
  const visit = (nodes: readonly Node[]) => {
    for (const node of nodes) {
      const url = httpUrl(node.xmlUrl, around.url);
      if (url !== undefined && found.size < MAX_OUTLINES && !found.has(url)) {
        found.set(url, {
          url,
          name: firstOf(node.text, node.title) ?? new URL(url).host,
          link: httpUrl(node.htmlUrl, around.url),
        });
      }
      visit(node.outlines ?? []);
    }
  };
  visit(outlinesOf(text));
  return { format: "opml", entries: [], outlines: [...found.values()], repaired: false };
}

function outlinesOf(text: string): readonly Node[] {
  try {
    return (parseOpml(text).body?.outlines ?? []) as readonly Node[];
  } catch (cause) {
    throw new FetchError("parse", "the reading list is too broken to be read", { cause });
  }
}
