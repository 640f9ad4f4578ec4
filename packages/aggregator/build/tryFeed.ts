import { addressPolicy } from "../fetch/addresses.ts";
import { FetchError } from "../fetch/errors.ts";
import { fetchFeed } from "../fetch/fetchFeed.ts";
import { HostGate } from "../fetch/hostGate.ts";
import { httpClient, type SendRequest } from "../fetch/request.ts";
import type { FetchHooks } from "./refreshFeeds.ts";
import type { TriedDocument } from "./tryDocument.ts";
import { ReaderPool } from "./worker/readerPool.ts";

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
export interface TriedFeed extends TriedDocument {
  /** Where it finally came from. */
  readonly finalUrl: string;
  /** Where an unbroken chain of permanent redirects leads: the URL to subscribe to. */
  readonly permanentUrl?: string;
}

/**
 * Fetches one feed as a planet would, once, and keeps nothing. What it says is read in a reader thread, under its limits.
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
  const readers = new ReaderPool();
  try {
    const ask = withAddresses(client.send, request.addressOf);
    const send: SendRequest = async (to, headers, deadline) =>
      request.answerFor?.(to, headers) ?? ask(to, headers, deadline);
    const fetched = await fetchFeed({ url, userAgent, timeoutMs }, send, new HostGate());
    const { body, contentType, finalUrl, permanentUrl } = fetched;
    if (body === undefined) throw fetched.error ?? new FetchError("connect", "the fetch failed");
    const document = { bytes: body, contentType, url: finalUrl, now: now.getTime() };
    const tried = await readers.run<"try">({ kind: "try", document });
    return { finalUrl, ...(permanentUrl !== undefined && { permanentUrl }), ...tried };
  } finally {
    client.close();
    await readers.close();
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
