import { type FeedConfig, type PlanetConfig, sameCategory, userAgentOf } from "@planet/content";
import { normalisedLink } from "../entry/addresses.ts";
import { addressPolicy } from "../fetch/addresses.ts";
import { FetchError } from "../fetch/errors.ts";
import { fetchFeed } from "../fetch/fetchFeed.ts";
import { HostGate } from "../fetch/hostGate.ts";
import { type Answer, httpClient, type SendRequest } from "../fetch/request.ts";
import { inParallel } from "../inParallel.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { hashOf, MOVED_AFTER, type OutcomeFacts, withFailure, withoutChange } from "./feedOutcome.ts";
import { type FeedRecord, type FeedRecords, type WrittenRecord, writtenRecord } from "./feedRecord.ts";
import type { ReaderPool } from "./worker/readerPool.ts";

/** After this time the page is published with what is there. */
const RUN_LIMIT_MS = 10 * 60_000;
/** Somewhat less than a day, for feeds that are asked once a day. */
const WHOLE_EVERY_MS = 23 * 3_600_000;
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
  /** Another server asks the feeds: only those that nobody has asked yet are asked here. */
  readonly onlyUnknown?: boolean;
  /** Time between two new connections to one host; tests shorten it. */
  readonly spacingMs?: number | undefined;
}

/** Fetches the feeds that are due, several at a time, and returns all records in the order of planet.ini. */
export async function refreshFeeds(request: RefreshRequest, current: readonly FeedRecord[]): Promise<FeedRecord[]> {
  const results = [...current];
  const queue = fairOrder(request, current);
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
    // With its texts, which `current` does not have. One that was never asked has none.
    const known = current[index] as FeedRecord;
    const record = known.lastTry === undefined ? known : request.records.load(feed.url);
    const started = Date.now();
    const timeoutMs = feed.timeoutSeconds * 1000;
    const fetched = await fetchFeed(
      {
        url: targetOf(record),
        listedIn: feed.listedIn,
        userAgent: userAgentOf(request.config, feed),
        validators: record.feed === undefined || isWholeDue(record, request.now) ? undefined : record.validators,
        timeoutMs,
      },
      send,
      gate,
    );
    if (fetched.retryAfterMs !== undefined) busy.set(host, request.now + fetched.retryAfterMs);
    const facts = { record, fetched, now: request.now, ms: Date.now() - started };
    const next = await outcome(request, feed, facts, categories);
    await request.records.save(next);
    const { failure } = next.record;
    results[index] = next.record;
    if (failure !== undefined) request.log(withoutPasswords(`feed ${feed.url}: ${failure.code}: ${failure.message}`));
  };
  request.onFeedDone?.(done, due);
  try {
    await inParallel(queue, request.config.parallelFeeds, async (index) => {
      await refresh(index);
      done += 1;
      request.onFeedDone?.(done, due);
    });
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

async function outcome(
  request: RefreshRequest,
  config: FeedConfig,
  facts: OutcomeFacts,
  categories: ReadonlySet<string>,
): Promise<WrittenRecord> {
  const { record, fetched } = facts;
  const stored = (next: FeedRecord) => writtenRecord(next, categories);
  if (fetched.kind === "unchanged" && record.feed === undefined) {
    const what = "the server answers that nothing has changed (304), but the feed was never read";
    return stored(withFailure(facts, new FetchError("http", what, { status: 304 })));
  }
  if (fetched.kind === "unchanged") return stored(withoutChange(facts));
  const { body } = fetched;
  if (body === undefined) {
    return stored(withFailure(facts, fetched.error ?? new FetchError("connect", "the fetch failed")));
  }
  const bodyHash = hashOf(body);
  const isSame = bodyHash === record.bodyHash && record.sourceUrl === fetched.finalUrl;
  if (isSame && record.feed !== undefined && !isWholeDue(record, request.now)) {
    return stored(withoutChange(facts));
  }
  try {
    const { ignoreInFeed, futureDates, cacheKeepEntries } = config;
    return await request.readers.run<"read">({
      kind: "read",
      request: {
        facts: { ...facts, fetched: { ...fetched, body } },
        bodyHash,
        rules: { ignoreInFeed, futureDates, keep: request.config.itemsPerPage + cacheKeepEntries },
        isReadingList: config.readingList,
        ownFeeds: ownFeeds(request.config),
        categories,
      },
    });
  } catch (error) {
    const failure =
      error instanceof FetchError ? error : new FetchError("worker", "the feed made the reader fail", { cause: error });
    return stored(withFailure(facts, failure));
  }
}

/** Whoever says "unchanged" may be wrong for ever, the planet's own memory too: once a day the document itself counts. */
const isWholeDue = ({ wholeAt }: FeedRecord, now: number) => wholeAt === undefined || now - wholeAt >= WHOLE_EVERY_MS;

/** Hosts take turns, so that one with many feeds does not hold the others back. Order is the same in every run. */
function fairOrder({ config, now, onlyUnknown = false }: RefreshRequest, records: readonly FeedRecord[]): number[] {
  const turns = new Map<string, number>();
  const due: { index: number; turn: number }[] = [];
  for (const [index, feed] of config.feeds.entries()) {
    const { lastTry, nextTry = 0 } = records[index] ?? {};
    if (nextTry > now || (onlyUnknown && lastTry !== undefined)) continue;
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
function ownFeeds({ link }: PlanetConfig): string[] {
  return link === "" ? [] : OWN_FEEDS.map((name) => normalisedLink(new URL(name, link).href));
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
