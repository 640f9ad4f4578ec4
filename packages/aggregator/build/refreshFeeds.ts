import { type FeedConfig, type PlanetConfig, sameCategory, userAgentOf } from "@planet/content";
import { normalisedLink } from "../entry/addresses.ts";
import { addressPolicy } from "../fetch/addresses.ts";
import { FetchError } from "../fetch/errors.ts";
import { fetchFeed } from "../fetch/fetchFeed.ts";
import { HostGate } from "../fetch/hostGate.ts";
import { type Answer, httpClient, type SendRequest } from "../fetch/request.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { hashOf, MOVED_AFTER, type OutcomeFacts, withDocument, withFailure, withoutChange } from "./feedOutcome.ts";
import { type FeedRecord, type FeedRecords, withoutTexts } from "./feedRecord.ts";
import type { ReaderPool } from "./worker/readerPool.ts";

/** After this time the page is published with what is there. */
const RUN_LIMIT_MS = 10 * 60_000;
const OWN_FEEDS = ["atom.xml", "rss20.xml", "rss10.xml"];

/** What a build on an editor's machine adds to the fetching of feeds. */
export interface FetchHooks {
  /** Answers for addresses that this machine has itself; undefined: the network is asked. */
  readonly answerFor?: (url: URL, headers: Readonly<Record<string, string>>) => Answer | undefined;
  /** Called at the beginning and when a feed is done, with how many are, of how many that are due. */
  readonly onFeedDone?: (done: number, due: number) => void;
}

export interface RefreshRequest extends FetchHooks {
  readonly config: PlanetConfig;
  readonly allowHosts: readonly string[];
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
  readonly now: number;
  readonly log: (line: string) => void;
  /** Time between two new connections to one host; tests shorten it. */
  readonly spacingMs?: number | undefined;
}

/** Fetches the feeds that are due, several at a time, and returns all records in the order of planet.ini. */
export async function refreshFeeds(request: RefreshRequest, current: readonly FeedRecord[]): Promise<FeedRecord[]> {
  const results = [...current];
  const queue = fairOrder(request.config.feeds, current, request.now);
  if (queue.length === 0) return results;
  const due = queue.length;
  let done = 0;
  const client = httpClient(addressPolicy(request.allowHosts));
  const send: SendRequest = async (url, headers, deadline) =>
    request.answerFor?.(url, headers) ?? client.send(url, headers, deadline);
  const gate = new HostGate(request.spacingMs);
  const busy = busyHosts(current);
  const categories = new Set(request.config.categories.map(sameCategory));
  const end = Date.now() + RUN_LIMIT_MS;
  const refresh = async (index: number): Promise<void> => {
    const feed = request.config.feeds[index];
    if (feed === undefined || Date.now() > end) return;
    const host = hostOf(feed.url);
    // A server that asked us to wait meant all its feeds.
    if ((busy.get(host) ?? 0) > request.now) return;
    // With its texts, which `current` does not have.
    const record = await request.records.load(feed.url);
    const started = Date.now();
    const timeoutMs = feed.timeoutSeconds * 1000;
    const fetched = await fetchFeed(
      {
        url: targetOf(record),
        userAgent: userAgentOf(request.config, feed),
        validators: record.feed === undefined ? undefined : record.validators,
        timeoutMs,
      },
      send,
      gate,
    );
    if (fetched.retryAfterMs !== undefined) busy.set(host, request.now + fetched.retryAfterMs);
    const next = await outcome(request, feed, { record, fetched, now: request.now, ms: Date.now() - started });
    await request.records.save(next);
    results[index] = withoutTexts(next, categories);
    if (next.failure !== undefined)
      request.log(withoutPasswords(`feed ${feed.url}: ${next.failure.code}: ${next.failure.message}`));
  };
  const work = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      await refresh(index);
      done += 1;
      request.onFeedDone?.(done, due);
    }
  };
  request.onFeedDone?.(done, due);
  try {
    await Promise.all(Array.from({ length: Math.min(request.config.parallelFeeds, queue.length) }, work));
  } finally {
    client.close();
  }
  return results;
}

/** When the hosts that had asked us to wait, also in an earlier run, may be asked again. */
function busyHosts(records: readonly FeedRecord[]): Map<string, number> {
  const busy = new Map<string, number>();
  for (const { url, hostBusyUntil = 0 } of records) {
    busy.set(hostOf(url), Math.max(busy.get(hostOf(url)) ?? 0, hostBusyUntil));
  }
  return busy;
}

async function outcome(request: RefreshRequest, config: FeedConfig, facts: OutcomeFacts): Promise<FeedRecord> {
  const { record, fetched } = facts;
  if (fetched.kind === "unchanged" && record.feed === undefined) {
    const what = "the server answers that nothing has changed (304), but the feed was never read";
    return withFailure(facts, new FetchError("http", what, { status: 304 }));
  }
  if (fetched.kind === "unchanged") return withoutChange(facts);
  if (fetched.body === undefined)
    return withFailure(facts, fetched.error ?? new FetchError("connect", "the fetch failed"));
  const bodyHash = hashOf(fetched.body);
  if (bodyHash === record.bodyHash && record.feed !== undefined && record.sourceUrl === fetched.finalUrl) {
    return withoutChange(facts);
  }
  try {
    const { body, contentType, finalUrl: url } = fetched;
    const document = await request.readers.run<"parse">({
      kind: "parse",
      document: { bytes: body, contentType, url, now: request.now },
    });
    if (isOwnFeed(document.feed.selfLink, request.config)) {
      return withFailure(facts, new FetchError("own-feed", "this is the planet's own feed"));
    }
    if (config.readingList !== (document.feed.format === "opml")) {
      const what = config.readingList ? "the answer is not a reading list" : "the answer is a reading list, not a feed";
      return withFailure(facts, new FetchError("not-feed", what));
    }
    // Far more often an accident than intended; if it is intended, the entries go after keep_days.
    if (document.feed.entries.length === 0 && (record.feed?.entries.length ?? 0) > 0) {
      return withFailure(facts, new FetchError("not-feed", "the feed has no entries any more"));
    }
    const keep = request.config.itemsPerPage + config.cacheKeepEntries;
    return withDocument(facts, document, bodyHash, { ...config, keep });
  } catch (error) {
    const failure =
      error instanceof FetchError ? error : new FetchError("worker", "the feed made the reader fail", { cause: error });
    return withFailure(facts, failure);
  }
}

/** Hosts take turns, so that one with many feeds does not hold the others back. Order is the same in every run. */
function fairOrder(feeds: readonly FeedConfig[], records: readonly FeedRecord[], now: number): number[] {
  const turns = new Map<string, number>();
  const due: { index: number; turn: number }[] = [];
  for (const [index, feed] of feeds.entries()) {
    if ((records[index]?.nextTry ?? 0) > now) continue;
    const host = hostOf(feed.url);
    const turn = turns.get(host) ?? 0;
    turns.set(host, turn + 1);
    due.push({ index, turn });
  }
  return due.sort((a, b) => a.turn - b.turn || a.index - b.index).map(({ index }) => index);
}

function targetOf(record: FeedRecord): string {
  const { moved } = record;
  return moved !== undefined && moved.times >= MOVED_AFTER ? moved.url : record.url;
}

/** A blog may live below the planet's address: only the planet's own addresses are its own. */
function isOwnFeed(selfLink: string | undefined, { link }: PlanetConfig): boolean {
  if (selfLink === undefined || link === "") return false;
  return OWN_FEEDS.some((name) => normalisedLink(selfLink) === normalisedLink(new URL(name, link).href));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
