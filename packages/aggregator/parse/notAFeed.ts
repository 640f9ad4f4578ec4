import { FetchError } from "../fetch/errors.ts";
import { httpUrl, type Surroundings } from "./fields.ts";

const MAX_HEAD_LENGTH = 100_000;
const FEED_TYPES = /^(?:application\/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)|text\/rss\+xml)(?:\s*;|$)/i;

/** Why a document is not a feed; of a web page, the feed that it names. */
export async function notAFeed(text: string, { url }: Surroundings): Promise<FetchError> {
  const head = text.slice(0, MAX_HEAD_LENGTH);
  if (!/<(?:html|head|!doctype\s+html)[\s>]/i.test(head)) return new FetchError("not-feed", "the answer is not a feed");
  const offered = httpUrl(await offeredFeed(head), url);
  // Never followed silently: the address in planet.ini is what its owner reviewed.
  const hint = offered === undefined ? "" : `, it names one: ${offered}`;
  return new FetchError("not-feed", `the answer is a web page, not a feed${hint}`);
}

/** Autodiscovery: the first `<link rel="alternate">` with the type of a feed. */
async function offeredFeed(html: string): Promise<string | undefined> {
  const { Parser } = await import("htmlparser2");
  let found: string | undefined;
  const parser = new Parser({
    onopentag(name, { rel = "alternate", type = "", href }) {
      if (name !== "link" || found !== undefined) return;
      if (/(?:^|\s)alternate(?:\s|$)/i.test(rel) && FEED_TYPES.test(type.trim())) found = href;
    },
  });
  parser.end(html);
  return found;
}
