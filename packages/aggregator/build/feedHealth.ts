import type { FeedConfig, FeedState, PlanetConfig, StatusFeed } from "@planet/content";
import { isoDate } from "../render/dateFormat.ts";
import { dayText } from "../render/pageDates.ts";
import { fill } from "../render/words/fill.ts";
import { languageOf } from "../render/words/languages.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { MOVED_AFTER } from "./feedOutcome.ts";
import type { FeedRecord } from "./feedRecord.ts";

const DAY_MS = 86_400_000;
/** Up to this many failures in a row are not shown on the page: every server restarts now and then. */
const QUIET_FAILURES = 1;

/** How one feed fares; goes to status.json. */
export interface FeedReport
  extends Omit<StatusFeed, "last_ok" | "last_try" | "next_try" | "failing_since" | "needs_attention" | "moved_to"> {
  readonly lastOk?: string;
  readonly lastTry?: string;
  readonly nextTry?: string;
  readonly failingSince?: string;
  /** Failing for longer than `report_after` of planet.ini. */
  readonly needsAttention: boolean;
  readonly movedTo?: string;
}

/** The state in one word. */
function stateOf(record: FeedRecord, triedNow: boolean): FeedState {
  if (record.http === 410 && record.failure !== undefined) return "gone";
  if (record.failure !== undefined) return "failing";
  if (record.lastOk === undefined) return "never";
  if (record.moved !== undefined && record.moved.times >= MOVED_AFTER) return "moved";
  return triedNow && record.changedAt !== record.lastTry ? "unchanged" : "ok";
}

/** True while the last good entries of a failing feed are still worth showing. */
export function isWorthShowing(record: FeedRecord, feed: FeedConfig, now: number): boolean {
  if (record.failure === undefined || feed.keepDays === 0) return true;
  return now - record.failure.since < feed.keepDays * DAY_MS;
}

/** What the sidebar says about a feed, and how it is marked. Empty when all is well. */
export function messageOf(
  record: FeedRecord,
  newest: number | undefined,
  config: PlanetConfig,
  now: number,
): { message: string; state: string } {
  const state = stateOf(record, false);
  const { words, reasons } = languageOf(config.locale);
  if (state === "gone") return { state, message: words.gone };
  if (
    state === "failing" &&
    record.failure !== undefined &&
    (record.lastOk === undefined || record.failures > QUIET_FAILURES)
  ) {
    const reason = fill(reasons[record.failure.code], { status: record.http ?? "" });
    return { state, message: fill(words.failing_since, { day: dayText(record.failure.since, config), reason }) };
  }
  if (state === "never") return { state, message: words.not_fetched };
  if (state === "moved" && record.moved !== undefined)
    return { state, message: fill(words.moved_to, { url: record.moved.url }) };
  const limit = config.activityThreshold;
  if (limit > 0 && newest !== undefined && now - newest > limit * DAY_MS) {
    return { state: "inactive", message: fill(words.no_activity, { count: limit }) };
  }
  return { state: "ok", message: "" };
}

/** The line of a feed in the report. */
export function reportOf(facts: {
  feed: FeedConfig;
  record: FeedRecord;
  newest: number | undefined;
  page: string | undefined;
  config: PlanetConfig;
  now: number;
}): FeedReport {
  const { feed, record, newest, page, config, now } = facts;
  const since = record.failure?.since;
  const optional = {
    page,
    http: record.http,
    reason:
      record.failure === undefined ? undefined : withoutPasswords(`${record.failure.code}: ${record.failure.message}`),
    lastOk: iso(record.lastOk),
    lastTry: iso(record.lastTry),
    nextTry: iso(record.nextTry),
    failingSince: iso(since),
    movedTo: record.moved === undefined ? undefined : withoutPasswords(record.moved.url),
    newest: iso(newest),
    encoding: record.encoding,
  };
  return {
    url: withoutPasswords(feed.url),
    name: feed.name,
    state: stateOf(record, record.lastTry === now),
    failures: record.failures,
    needsAttention: since !== undefined && now - since >= config.reportAfter * DAY_MS,
    entries: record.feed?.entries.length ?? 0,
    repaired: record.feed?.repaired ?? false,
    ms: record.ms,
    bytes: record.bytes,
    ...withoutUndefined(optional),
  };
}

const iso = (time: number | undefined) => (time === undefined ? undefined : isoDate(time));

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Present<T>;
}
