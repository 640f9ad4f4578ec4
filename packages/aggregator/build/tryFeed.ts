import { addressPolicy } from "../fetch/addresses.ts";
import { FetchError } from "../fetch/errors.ts";
import { fetchFeed } from "../fetch/fetchFeed.ts";
import { HostGate } from "../fetch/hostGate.ts";
import { httpClient, type SendRequest } from "../fetch/request.ts";
import { parseDocument } from "../parse/parseDocument.ts";
import { titleText } from "../sanitize/titles.ts";
import type { FetchHooks } from "./refreshFeeds.ts";

export interface TryFeedRequest {
  readonly url: string;
  readonly userAgent: string;
  /** Host names, `*.suffixes`, addresses or CIDRs that may be private. */
  readonly allowHosts: readonly string[];
  /** Address of a host whose name only the servers know; undefined: the resolver's. */
  readonly addressOf?: (hostName: string) => string | undefined;
  /** Answers for addresses that this machine has itself; undefined: the network is asked. */
  readonly answerFor?: FetchHooks["answerFor"];
  readonly timeoutMs: number;
  readonly now: Date;
}

/** A feed that answers and parses. */
export interface TriedFeed {
  /** Where it finally came from. */
  readonly finalUrl: string;
  /** Where an unbroken chain of permanent redirects leads: the URL to subscribe to. */
  readonly permanentUrl?: string;
  readonly format: "rss" | "atom" | "rdf" | "json";
  /** Plain text; empty when the feed has none. */
  readonly title: string;
  readonly entries: number;
  readonly newest?: Date;
  /** It was broken XML that could be repaired. */
  readonly repaired: boolean;
}

/**
 * Fetches one feed as a planet would, once, and keeps nothing.
 * @throws {Error} with a sentence for people and a `code` of fetch/errors.ts.
 */
export async function tryFeed({
  url,
  userAgent,
  allowHosts,
  timeoutMs,
  now,
  ...request
}: TryFeedRequest): Promise<TriedFeed> {
  const client = httpClient(addressPolicy(allowHosts));
  try {
    const ask = withAddresses(client.send, request.addressOf);
    const send: SendRequest = async (to, headers, deadline) =>
      request.answerFor?.(to, headers) ?? ask(to, headers, deadline);
    const fetched = await fetchFeed({ url, userAgent, timeoutMs }, send, new HostGate());
    const { body, contentType, finalUrl, permanentUrl } = fetched;
    if (body === undefined) throw fetched.error ?? new FetchError("connect", "the fetch failed");
    const { feed } = await parseDocument({ bytes: body, contentType, url: finalUrl, now: now.getTime() });
    if (feed.format === "opml") throw new FetchError("not-feed", "it is a reading list (OPML), not a feed");
    const dates = feed.entries.flatMap(({ published, updated }) => published ?? updated ?? []);
    return {
      finalUrl,
      ...(permanentUrl !== undefined && { permanentUrl }),
      format: feed.format,
      title: titleText(feed.title),
      entries: feed.entries.length,
      ...(dates.length > 0 && { newest: new Date(Math.max(...dates)) }),
      repaired: feed.repaired,
    };
  } finally {
    client.close();
  }
}

function withAddresses(send: SendRequest, addressOf: TryFeedRequest["addressOf"]): SendRequest {
  return (url, headers, deadline) => {
    const address = url.protocol === "http:" ? addressOf?.(url.hostname) : undefined;
    if (address === undefined) return send(url, headers, deadline);
    const there = new URL(url);
    there.hostname = address;
    return send(there, { ...headers, Host: url.host }, deadline);
  };
}
