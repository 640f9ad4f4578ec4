import { sha256Of } from "@planet/content";
import type { Entry } from "../entry/types.ts";
import { groupBy } from "../groupBy.ts";
import type { ArchiveStore } from "./archiveStore.ts";
import { lineOf } from "./entryLine.ts";
import { idKey } from "./keys.ts";
import { entriesByKey, MAX_ENTRIES, monthWith, type Stored } from "./mergeMonths.ts";
import { type ArchiveRules, keptMonths, monthOf } from "./months.ts";
import { type ArchivedEntry, isShown } from "./types.ts";

/** Of one feed in one month. A feed that makes up entries must not push out those of the others. */
const MAX_OF_FEED = 2_000;
/** So many are in memory before they are written. */
const BATCH = 20_000;

/** A feed, and what the planet shows of it. */
export interface ArchivedFeed {
  /** keys.ts */
  readonly key: string;
  /** Equal as long as it gives the same. */
  readonly stamp: string;
  /** The entries of the planet that are shown for it. */
  readonly shown: readonly Entry[];
  /** All that it has, also what is shown for another feed. */
  readonly own: readonly Entry[];
  /** `shown` as the archive has them, `at` left open. Called only when something has changed. */
  read(): Promise<readonly ArchivedEntry[]>;
}

/** What one feed has in one month now. */
interface Gift {
  readonly feed: ArchivedFeed;
  readonly entries: readonly ArchivedEntry[];
}

/**
 * Brings the archive up to date. Only months are read and written in which a feed has something else than the last time;
 * entries that a feed has no more stay.
 */
export async function feedArchive(
  store: ArchiveStore,
  feeds: readonly ArchivedFeed[],
  rules: ArchiveRules,
): Promise<void> {
  await store.expire(rules);
  const current = new Map(feeds.flatMap(({ shown }) => shown.map(({ id, order }) => [id, monthOf(order)] as const)));
  const kept = new Set(keptMonths([...store.months.keys(), ...current.values()], rules));
  for (const key of [...store.fed.keys()]) if (!feeds.some((feed) => feed.key === key)) store.fed.delete(key);
  const pending = new Pending(store, current, rules.now);
  for (const feed of feeds) {
    const before = store.fed.get(feed.key);
    const stamp = digestOf([feed.stamp, rules.archiveMonths]);
    if (before?.stamp === stamp) continue;
    const given = await feed.read();
    const months = groupBy(
      given.filter(({ order }) => kept.has(monthOf(order))),
      ({ order }) => monthOf(order),
    );
    const digests = new Map([...months].map(([month, entries]) => [month, digestOf(entries.map(lineOf))]));
    for (const month of new Set(
      [...digests.keys(), ...Object.keys(before?.months ?? {})].filter((month) => kept.has(month)),
    )) {
      if (digests.get(month) !== before?.months[month]) pending.add(month, { feed, entries: months.get(month) ?? [] });
    }
    if (pending.size >= BATCH) await pending.write();
    store.fed.set(feed.key, { stamp, months: Object.fromEntries(digests) });
  }
  await pending.write();
  await store.expire(rules);
  await store.save();
}

/** What is still to be written, by month. */
class Pending {
  readonly #store: ArchiveStore;
  /** The month of every entry that is shown now, by id. */
  readonly #current: ReadonlyMap<string, string>;
  readonly #now: number;
  #gifts = new Map<string, Gift[]>();
  size = 0;

  constructor(store: ArchiveStore, current: ReadonlyMap<string, string>, now: number) {
    this.#store = store;
    this.#current = current;
    this.#now = now;
  }

  add(month: string, gift: Gift): void {
    this.#gifts.set(month, [...(this.#gifts.get(month) ?? []), gift]);
    this.size += gift.entries.length;
  }

  async write(): Promise<void> {
    const gifts = this.#gifts;
    [this.#gifts, this.size] = [new Map(), 0];
    for (const [month, given] of gifts) {
      const all = entriesByKey((await this.#store.read(month)).entries);
      this.#add(all, given);
      this.#markGone(all, month, given);
      await this.#store.write(monthWith(month, all));
    }
  }

  #add(all: Map<string, Stored>, gifts: readonly Gift[]): void {
    const counts = new Map<string, number>();
    for (const entry of all.values()) if (isShown(entry)) counts.set(entry.feed, (counts.get(entry.feed) ?? 0) + 1);
    for (const { feed, entries: given } of gifts) {
      for (const entry of given) {
        const key = idKey(entry.id);
        const known = all.get(key);
        const count = counts.get(feed.key) ?? 0;
        if (known === undefined && (count >= MAX_OF_FEED || all.size >= MAX_ENTRIES)) continue;
        if (known === undefined) counts.set(feed.key, count + 1);
        all.set(key, updated(known, entry, this.#now));
      }
    }
  }

  /** Marks what is no longer there: such an entry would come back from another server otherwise. */
  #markGone(all: Map<string, Stored>, month: string, gifts: readonly Gift[]): void {
    const feeds = new Map(gifts.map(({ feed }) => [feed.key, feed]));
    const isGone = (entry: ArchivedEntry): boolean => {
      const place = this.#current.get(entry.id);
      if (place !== undefined) return place !== month;
      const feed = feeds.get(entry.feed);
      return feed !== undefined && isTakenBack(entry, feed.own);
    };
    for (const [key, entry] of all) {
      if (isShown(entry) && isGone(entry)) all.set(key, { key, at: laterThan(entry, this.#now), gone: true });
    }
  }
}

/**
 * An entry that its feed has no more was pushed out by newer ones, unless the feed still has an older one, known for at
 * least as long: then its author took it back, or planet.ini filters it. One that it has is shown as that of another feed.
 */
function isTakenBack({ id, order, seen }: ArchivedEntry, own: readonly Entry[]): boolean {
  return own.some((each) => each.recordId === id || (each.order < order && each.seen <= seen));
}

/** Who is the first to see an entry decides where it stands. */
function updated(known: Stored | undefined, entry: ArchivedEntry, now: number): ArchivedEntry {
  if (known === undefined) return { ...entry, at: now };
  if (!isShown(known)) return { ...entry, at: laterThan(known, now) };
  const { seen, index, order, date } = known;
  const place = seen < entry.seen ? { seen, index, order, date } : {};
  const next = { ...entry, ...place, at: known.at };
  return lineOf(next) === lineOf(known) ? known : { ...next, at: laterThan(known, now) };
}

/** Also when this server's clock is behind that of the one which wrote it. */
const laterThan = ({ at }: { readonly at: number }, now: number): number => Math.max(now, at + 1);

const digestOf = (value: unknown): string => sha256Of(JSON.stringify(value)).slice(0, 16);
