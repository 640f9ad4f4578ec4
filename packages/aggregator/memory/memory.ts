import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CREDENTIAL,
  type FeedConfig,
  FORGOTTEN,
  type Permit,
  type PlanetConfig,
  readBackSeconds,
  readPermit,
  type StatusJson,
  sha256Of,
} from "@planet/content";
import { ArchiveStore } from "../archive/archiveStore.ts";
import { type ArchiveRules, isExpired, isKept as isKeptMonth, keptMonths, newestMonths } from "../archive/months.ts";
import { FeedRecords, writtenRecord } from "../build/feedRecord.ts";
import { ReaderPool } from "../build/worker/readerPool.ts";
import { inParallel } from "../inParallel.ts";
import type { Bucket, BucketAnswer } from "../sync/bucket.ts";
import type { Notice } from "../sync/decide.ts";
import type { SyncSettings } from "../sync/settings.ts";
import { upload } from "../sync/upload.ts";
import { feedObject, joinRulesOf, markOf, type RememberedFeed, recallRecord, removedFeed } from "./feedObject.ts";
import { type Forgotten, forgottenDigest, isFeedForgotten, readForgotten } from "./forgotten.ts";
import {
  type Kept,
  keepObject,
  type Lying,
  type ObjectStore,
  SEEN_ENOUGH,
  type SharedObject,
  sightAfter,
} from "./keepObject.ts";
import { LEASE_NAME, leaseFor, leaseMs, readLease, writeLease } from "./lease.ts";
import { type KnownObject, type MemoryState, readMemoryState, type Trouble, writeMemoryState } from "./memoryState.ts";
import {
  expiredMonth,
  INDEX_NAME,
  indexObject,
  monthName,
  monthObject,
  monthOfName,
  recallIndex,
  recallMonth,
} from "./monthObject.ts";
import { restored } from "./restore.ts";
import { filtersOf, recordName } from "./storedRecord.ts";
import { StorageError, Troubles } from "./troubles.ts";

const PARALLEL = 6;
/** After this time a page without what is remembered is better than none. */
const RECALL_LIMIT_MS = 60_000;
/** What is left is kept in the next run. */
const KEEP_LIMIT_MS = 60_000;
/** Everything is looked at so often, also when nothing has changed. */
const LOOK_AGAIN_MS = 6 * 3_600_000;

/** What the planet's memory needs of a sync. */
export interface MemoryFacts {
  readonly settings: SyncSettings;
  readonly bucket: Bucket;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly log: (line: string) => void;
  /** This server has published one. */
  readonly hasPage: boolean;
}

type MemoryReport = StatusJson["memory"];

/** Where records are, and who reads foreign ones. */
interface Sources {
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
}

/** What the storage says of an object that may be known already. */
type TaggedLying = (Lying & { readonly etag?: string | undefined }) | { readonly state: "unchanged" };

/** One object that is to be kept. */
interface Task {
  readonly name: string;
  readonly mark: string;
  /** When it is empty in the bucket, nothing of it is to be known. */
  readonly isEnd?: boolean;
  keep(store: ObjectStore): Promise<Kept>;
}

/**
 * What servers of this planet know, kept in the bucket by a permit that can do nothing else, and brought back to the next one.
 * Nothing here makes a sync fail: what does not work is reported.
 */
export class Memory {
  readonly forgotten: Forgotten;
  readonly #facts: MemoryFacts;
  readonly #permit: Permit | undefined;
  readonly #state: MemoryState;
  readonly #troubles: Troubles;
  /** What is still to be brought back. */
  readonly #missed: Set<string>;
  /** ETags of what was brought back in this run while another server asks the feeds. */
  readonly #recalled: Record<string, string> = {};
  #isFollowing = false;
  #feeds: readonly RememberedFeed[] | undefined;
  #recallEnd: number | undefined;

  constructor(facts: MemoryFacts, permit: Permit | undefined, state: MemoryState, forgotten: Forgotten) {
    this.#facts = facts;
    this.#permit = permit;
    this.#state = state;
    this.#troubles = new Troubles(state, facts);
    this.forgotten = forgotten;
    this.#missed = new Set(state.missed);
  }

  /** Looks for the permit, and at what is to be forgotten: that holds without a permit, too. */
  static async open(facts: MemoryFacts): Promise<Memory> {
    const { settings, bucket } = facts;
    const permit = await permitIn(settings.credentials).catch((error: unknown) => error as Error);
    const usable = permit instanceof Error ? undefined : permit;
    const state = await readMemoryState(settings.places.memory, usable?.prefix ?? "");
    const answer = await bucket.read(FORGOTTEN, { etag: state.forgotten?.etag });
    const reason = takeForgotten(state, answer);
    const known = state.forgotten === undefined ? undefined : readForgotten(state.forgotten.text);
    // Without knowing what is to be forgotten nothing is brought back, and nothing stored.
    const memory = new Memory(facts, known === undefined ? undefined : usable, state, known ?? new Set());
    if (permit instanceof Error) memory.#troubles.add("", "memory-unwritable", permit.message);
    if (usable !== undefined && reason !== undefined) memory.#troubles.add(FORGOTTEN, "memory-unreadable", reason);
    await memory.#takeLease();
    return memory;
  }

  /** Another server asks the feeds; this one reads what that one stores. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Whether a feed is to be recalled once more: the last run did not succeed, or had no time. */
  isMissed(url: string): boolean {
    return this.#missed.has(recordName(url));
  }

  /** Brings what is remembered of feeds that this server knows nothing of into its records, in bounded time. */
  async recall({ feeds, itemsPerPage }: PlanetConfig, { records, readers }: Sources): Promise<void> {
    const now = this.#now();
    const recallFeed = async (config: FeedConfig, isOver: () => boolean): Promise<void> => {
      const name = recordName(config.url);
      const local = records.load(config.url);
      const known = this.#isFollowing && local.lastTry !== undefined ? this.#state.recalled?.[name] : undefined;
      const lying = await this.#readAfter(known, name);
      if (lying.state === "unchanged" && known !== undefined) this.#recalled[name] = known;
      if (lying.state !== "found" || isOver()) return;
      const sources = { readers, forgotten: this.forgotten, now };
      const recalled = await recallRecord(lying.bytes, config.url, sources);
      if (recalled.stored.attempt === undefined) return;
      const rules = joinRulesOf(config, itemsPerPage + config.cacheKeepEntries);
      const facts = { openings: recalled.openings, rules, filters: filtersOf(config), now };
      if (isOver()) return;
      await records.save(writtenRecord(restored(local, recalled.stored, facts)));
      if (this.#isFollowing && lying.etag !== undefined) this.#recalled[name] = lying.etag;
    };
    const wanted = feeds.filter(({ url }) => !isFeedForgotten(this.forgotten, url));
    await this.#recallAll(wanted, ({ url }) => recordName(url), recallFeed);
  }

  /** Likewise the months of the archive that this server does not have. */
  async recallArchive(cacheDirectory: string, readers: ReaderPool): Promise<void> {
    if (this.#permit === undefined) return;
    const archive = await ArchiveStore.open(cacheDirectory, this.forgotten);
    const isMissing = (month: string) =>
      !archive.months.has(month) || !this.#state.objects.has(monthName(month)) || this.#missed.has(monthName(month));
    let months: string[] = [];
    await this.#recallAll(
      [INDEX_NAME],
      (name) => name,
      async (name) => {
        const isLeft = this.#state.missed?.some((each) => each === name || monthOfName(each) !== undefined) === true;
        if (this.#state.objects.has(name) && archive.months.size > 0 && !isLeft) return;
        const lying = await this.#read(name);
        if (lying.state !== "found") return;
        const named = Object.keys(recallIndex(lying.bytes));
        months = named.filter(isMissing);
        this.#noteExpired(named);
      },
    );
    if (months.length === 0) return;
    await this.#recallAll(keptMonths(months, this.#rules), monthName, async (month, isOver) => {
      const lying = await this.#read(monthName(month));
      if (lying.state === "none" || isOver()) return;
      const recalled = await recallMonth(lying.bytes, month, { readers, now: this.#now() });
      if (!isOver() && recalled.entries.length > 0) await archive.merge(recalled);
    });
    await archive.save();
  }

  /** Months that an earlier server has stored and that are too old by now: they are to be empty, and only the index names them. */
  #noteExpired(months: readonly string[]): void {
    for (const month of newestMonths(months.filter((each) => isExpired(each, this.#rules)))) {
      const name = monthName(month);
      if (!this.#state.objects.has(name)) this.#state.objects.set(name, { mark: "", seen: 0, digest: "", at: 0 });
    }
  }

  /** What a build has shown; `keep` stores it when the page is published. */
  remember(feeds: readonly RememberedFeed[]): void {
    this.#feeds = feeds;
  }

  /** Stores what has changed, and looks again whether it was stored. */
  async keep(): Promise<void> {
    const { places, intervalSeconds } = this.#facts.settings;
    const readers = new ReaderPool();
    try {
      if (this.#permit === undefined) return;
      const archive = await ArchiveStore.open(places.cache, this.forgotten);
      const written = await this.#keepAll([...this.#feedTasks(readers), ...this.#monthTasks(archive, readers)]);
      if (written.length > 0) {
        await this.#facts.pause(readBackSeconds(intervalSeconds) * 1_000);
        await this.#keepAll(written);
      }
      await archive.save();
    } finally {
      await readers.close();
      await this.close();
    }
  }

  /** What this run has found out is there for the next. */
  async close(): Promise<void> {
    this.#state.missed = [...this.#missed];
    this.#state.recalled = this.#recalled;
    this.#state.trouble = this.#troubles.summary();
    await writeMemoryState(this.#facts.settings.places.memory, this.#state);
  }

  report(): MemoryReport {
    return { ...this.#condition(), forgotten: forgottenDigest(this.forgotten) };
  }

  #condition(): Omit<MemoryReport, "forgotten"> {
    const { bootDegraded } = this.#facts.settings;
    const trouble = this.#trouble();
    const names = [...this.#state.objects].filter(([, { seen }]) => seen > 0).map(([name]) => name);
    const counts = {
      feeds: names.filter((name) => name.startsWith("feeds/")).length,
      months: names.filter((name) => monthOfName(name) !== undefined).length,
    };
    if (trouble !== undefined) return { state: "degraded", since: trouble.since, message: trouble.message, ...counts };
    if (this.#permit !== undefined) return { state: "on", ...counts };
    // Without a fence the user-data, and in it the permit, is in reach of whoever takes over the engine.
    if (!bootDegraded.includes("fence")) return { state: "off", feeds: 0, months: 0 };
    return {
      state: "degraded",
      message: "the metadata service has no fence: no permit is installed",
      feeds: 0,
      months: 0,
    };
  }

  notices(): Notice[] {
    const trouble = this.#trouble();
    return trouble === undefined
      ? []
      : [{ name: "", code: trouble.code, message: `${trouble.message}; since ${trouble.since}` }];
  }

  /** With other things to forget, everything is looked at once more. */
  #task<Value>(object: SharedObject<Value>, mark: string, isEnd = false): Task {
    return {
      ...{ name: object.name, mark: sha256Of(`${mark} ${this.#state.forgotten?.text}`), isEnd },
      keep: (store) => keepObject(object, store, () => performance.now()),
    };
  }

  #feedTasks(readers: ReaderPool): Task[] {
    const { allowHosts, places } = this.#facts.settings;
    const feeds = this.#feeds;
    if (feeds === undefined) return [];
    const records = new FeedRecords(places.cache);
    const sources = { records, readers, forgotten: this.forgotten, allowHosts, now: this.#now() };
    const tasks = new Map<string, Task>();
    for (const feed of feeds) {
      const name = recordName(feed.config.url);
      // Of two addresses that differ in a password alone, the first is remembered.
      if (feed.record.lastTry === undefined || tasks.has(name) || isFeedForgotten(this.forgotten, feed.config.url))
        continue;
      tasks.set(name, this.#task(feedObject(feed, sources), markOf(feed)));
    }
    return [...tasks.values(), ...this.#removedFeeds(feeds, readers)];
  }

  #removedFeeds(feeds: readonly RememberedFeed[], readers: ReaderPool): Task[] {
    // What a reading list has, nobody knows before it was read.
    if (feeds.some(({ config, record }) => config.readingList && record.feed === undefined)) return [];
    const wanted = feeds.filter(({ config }) => !isFeedForgotten(this.forgotten, config.url));
    const names = new Set(wanted.map(({ config }) => recordName(config.url)));
    const known = [...this.#state.objects.keys()].filter((name) => name.startsWith("feeds/") && !names.has(name));
    return known.map((name) => this.#task(removedFeed(name, readers), "removed", true));
  }

  #monthTasks(archive: ArchiveStore, readers: ReaderPool): Task[] {
    const { archiveMonths } = this.#facts.settings;
    const isKept = (month: string) => isKeptMonth(month, this.#rules);
    const sources = { readers, now: this.#now() };
    const own = [...archive.months];
    if (own.length === 0) return [];
    const known = [...this.#state.objects.keys()].flatMap((name) => monthOfName(name) ?? []);
    // Not those that are still to come: this server's clock may be wrong.
    const expired = known.filter((month) => isExpired(month, this.#rules));
    const counts = Object.fromEntries(own.map(([month, { count }]) => [month, count]));
    return [
      ...own.map(([month, { hash }]) => this.#task(monthObject(month, archive, sources), hash)),
      ...expired.map((month) => this.#task(expiredMonth(month, sources), "expired", true)),
      this.#task(indexObject(counts, isKept), JSON.stringify([counts, archiveMonths])),
    ];
  }

  /** @returns those that were written. */
  async #keepAll(tasks: readonly Task[]): Promise<Task[]> {
    const { objects } = this.#state;
    const end = performance.now() + KEEP_LIMIT_MS;
    const now = this.#now();
    const written: Task[] = [];
    const due = tasks.filter(({ name, mark }) => isDue(objects.get(name), mark, now));
    const store = {
      read: (name: string) => this.#read(name),
      write: (name: string, bytes: Uint8Array) => this.#write(name, bytes),
    };
    await inParallel(due, PARALLEL, async (each) => {
      const { name, mark, isEnd } = each;
      if (performance.now() > end || this.#troubles.isHopeless()) return;
      try {
        const kept = await each.keep(store);
        const before = objects.get(name);
        const sight = sightAfter(before?.mark === mark ? before : undefined, kept);
        if (isEnd === true && sight.seen >= SEEN_ENOUGH) objects.delete(name);
        else objects.set(name, { mark, at: now, ...sight });
        if (kept.state === "written") written.push(each);
      } catch (error) {
        this.#troubles.addError(name, error);
      }
    });
    return written;
  }

  /** Tries each item until the time that recalling may take is over; what fails is reported. */
  async #recallAll<Item>(
    items: readonly Item[],
    nameOf: (item: Item) => string,
    work: (item: Item, isOver: () => boolean) => Promise<void>,
  ): Promise<void> {
    if (this.#permit === undefined || items.length === 0) return;
    for (const item of items) this.#missed.add(nameOf(item));
    this.#recallEnd ??= performance.now() + RECALL_LIMIT_MS;
    const left = this.#recallEnd - performance.now();
    let isOver = left <= 0;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(
        () => {
          isOver = true;
          resolve();
        },
        Math.max(0, left),
      );
    });
    const all = inParallel(items, PARALLEL, async (item) => {
      if (isOver || this.#troubles.isHopeless()) return;
      try {
        await work(item, () => isOver);
        if (!isOver) this.#missed.delete(nameOf(item));
      } catch (error) {
        this.#troubles.addError(nameOf(item), error);
      }
    });
    await Promise.race([all, limit]);
    clearTimeout(timer);
    if (isOver)
      this.#troubles.add("", "memory-unreadable", `it takes longer than ${RECALL_LIMIT_MS / 1_000} s to read`);
  }

  /** Takes the lease if it is this server's turn; one server alone needs none. */
  async #takeLease(): Promise<void> {
    const { settings, bucket, hasPage } = this.#facts;
    const { instanceId: id, release, intervalSeconds } = settings;
    if (!settings.isOneOfSeveral || this.#permit === undefined || id === "") return;
    const reading = await readLease(bucket, this.#state.prefix);
    const before = this.#state.lease;
    if (reading === undefined) {
      const left = (before?.followsUntil ?? 0) - this.#now();
      // A clock that was set is no reason to wait for ever.
      this.#isFollowing = left > 0 && left <= leaseMs(intervalSeconds);
      return;
    }
    const since = before?.since ?? reading.now;
    const lease = leaseFor({ id, release, intervalSeconds, since, hasPage }, reading);
    this.#isFollowing = lease === undefined;
    const followsUntil = this.#isFollowing ? this.#now() + leaseMs(intervalSeconds) : 0;
    this.#state.lease = { since, followsUntil };
    if (lease === undefined) return this.#facts.log(`feeds are asked by ${reading.lease?.holder}`);
    await this.#write(LEASE_NAME, writeLease(lease)).catch((error: unknown) =>
      this.#troubles.addError(LEASE_NAME, error),
    );
  }

  async #read(name: string): Promise<Lying> {
    const lying = await this.#readAfter(undefined, name);
    if (lying.state === "unchanged") throw new StorageError("http 304");
    return lying;
  }

  /** @param etag of the bytes that are known; undefined: none are. */
  async #readAfter(etag: string | undefined, name: string): Promise<TaggedLying> {
    const answer = await this.#facts.bucket.read(`${this.#state.prefix}${name}`, { etag });
    if (answer.state === "ok") return { state: "found", bytes: answer.bytes, etag: answer.etag };
    if (answer.state === "missing" && answer.code === "NoSuchKey") return { state: "none" };
    if (answer.state === "unchanged") return { state: "unchanged" };
    throw new StorageError(answer.reason);
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#permit !== undefined) await upload(this.#permit, name, bytes);
  }

  /** What is wrong now; until this run has tried everything, also what was wrong at the end of the last. */
  #trouble(): Trouble | undefined {
    return this.#troubles.summary() ?? (this.#permit === undefined ? undefined : this.#state.trouble);
  }

  get #rules(): ArchiveRules {
    return { archiveMonths: this.#facts.settings.archiveMonths, now: this.#now() };
  }

  #now(): number {
    return this.#facts.now().getTime();
  }
}

/** Keeps the last list that could be read. @returns why it could not be read now. */
function takeForgotten(state: MemoryState, answer: BucketAnswer): string | undefined {
  if (answer.state === "unchanged") return undefined;
  if (answer.state === "missing" && answer.code === "NoSuchKey") {
    state.forgotten = { text: JSON.stringify({ schema: 1, hashes: [] }) };
    return undefined;
  }
  if (answer.state !== "ok") return answer.reason;
  const text = Buffer.from(answer.bytes).toString("utf8");
  if (readForgotten(text) === undefined) return "it is not a list of hashes";
  state.forgotten = { text, etag: answer.etag };
  return undefined;
}

function isDue(known: KnownObject | undefined, mark: string, now: number): boolean {
  return known === undefined || known.mark !== mark || known.seen < SEEN_ENOUGH || now - known.at >= LOOK_AGAIN_MS;
}

/** systemd hands the permit to this unit alone; without one there is no memory. @throws {PermitError} */
async function permitIn(credentials: string): Promise<Permit | undefined> {
  if (credentials === "") return undefined;
  const text = await readFile(join(credentials, CREDENTIAL), "utf8").catch(() => undefined);
  return text === undefined ? undefined : readPermit(text);
}
