import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "@planet/content";
import { readIfThere, writeChanged } from "../files.ts";
import { entryKeys } from "./keys.ts";
import { mergeMonths } from "./mergeMonths.ts";
import { readOwnMonth, writeMonth } from "./monthFile.ts";
import { type ArchiveRules, isMonth, keptMonths, newestMonths } from "./months.ts";
import { type ArchivedEntry, type ArchiveMonth, type GoneEntry, isShown } from "./types.ts";

/** Of a feed, for the index: a thousand feeds are in each of many months. */
export const shortKey = (feed: string): string => feed.slice(0, 12);

/** Raised when equal feeds give other months: all of them are then fed again. */
const SCHEMA = 1;
const INDEX = "index.json";

/** What is known of a month without reading it. */
export interface MonthFacts {
  /** Of its file. */
  readonly hash: string;
  /** Entries that it shows. */
  readonly count: number;
  /** Whose they are: `shortKey`. */
  readonly feeds: readonly string[];
}

/** What a feed gave to the archive the last time. */
export interface FedFeed {
  /** Equal when it has nothing else to give. */
  readonly stamp: string;
  /** Digests of what it gave, by month. */
  readonly months: Readonly<Record<string, string>>;
}

interface Index {
  readonly schema: number;
  readonly months: Readonly<Record<string, MonthFacts>>;
  readonly fed: Readonly<Record<string, FedFeed>>;
  /** Digest of what was to be forgotten when all months were last gone through. */
  readonly forgotten?: string | undefined;
}

/**
 * The archive of this server: a file for each month, and a small index of them. At most one month is in memory. The index
 * is written last, so a run that is killed before leaves months that the next run feeds again, with the same result.
 */
export class ArchiveStore {
  /** What each feed gave. */
  readonly fed: Map<string, FedFeed>;
  readonly #directory: string;
  readonly #months: Map<string, MonthFacts>;
  readonly #forgotten: ReadonlySet<string>;

  private constructor(directory: string, { months, fed }: Index, forgotten: ReadonlySet<string>) {
    this.#directory = directory;
    this.#months = new Map(Object.entries(months));
    this.fed = new Map(Object.entries(fed));
    this.#forgotten = forgotten;
  }

  /**
   * @param cacheDirectory the months are in its folder `archive`.
   * @param forgotten by keys.ts: feeds and entries that no month has, whoever brings them.
   */
  static async open(cacheDirectory: string, forgotten: ReadonlySet<string> = new Set()): Promise<ArchiveStore> {
    const directory = join(cacheDirectory, "archive");
    const index = await readIndex(join(directory, INDEX));
    const store = new ArchiveStore(directory, index, forgotten);
    await store.#reconcile();
    if (index.forgotten !== store.#forgottenDigest) await store.#forget();
    return store;
  }

  /** Newest first, undated entries at the end. */
  get months(): ReadonlyMap<string, MonthFacts> {
    const names = newestMonths(this.#months.keys());
    return new Map(names.map((name) => [name, this.#months.get(name) as MonthFacts]));
  }

  /** A month without a file, or with one that cannot be read, is empty. */
  async read(month: string): Promise<ArchiveMonth> {
    const text = await readFile(this.#path(month), "utf8").catch(() => "");
    return readOwnMonth(text, month) ?? { month, entries: [] };
  }

  /** The month's file as it is, for those who store it elsewhere. */
  bytes(month: string): Promise<Buffer | undefined> {
    return readIfThere(this.#path(month));
  }

  /** Takes in what another server knows of a month. @returns whether this one did not know all of it. */
  async merge(other: ArchiveMonth): Promise<boolean> {
    return this.write(mergeMonths(await this.read(other.month), other));
  }

  /** @returns whether anything changed. The month is in the index after `save`. */
  async write(all: ArchiveMonth): Promise<boolean> {
    const month = this.#withoutForgotten(all);
    const text = writeMonth(month);
    const facts = factsOf(month, text);
    const isNew = this.#months.get(month.month)?.hash !== facts.hash;
    this.#months.set(month.month, facts);
    return (await writeChanged(this.#path(month.month), text)) || isNew;
  }

  async remove(month: string): Promise<void> {
    this.#months.delete(month);
    await rm(this.#path(month), { force: true });
  }

  /** Removes the months that are too old to be kept. */
  async expire(rules: ArchiveRules): Promise<void> {
    const kept = new Set(keptMonths(this.#months.keys(), rules));
    for (const month of [...this.#months.keys()]) if (!kept.has(month)) await this.remove(month);
  }

  async save(): Promise<void> {
    const index: Index = {
      schema: SCHEMA,
      months: sorted(this.#months),
      fed: sorted(this.fed),
      forgotten: this.#forgottenDigest,
    };
    await writeChanged(join(this.#directory, INDEX), `${JSON.stringify(index)}\n`);
  }

  /** The index may be lost, or older than the months that a killed run has written. */
  async #reconcile(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => [] as string[]);
    const there = new Set(names.map((name) => name.replace(/\.json$/, "")).filter(isMonth));
    for (const month of [...this.#months.keys()]) if (!there.has(month)) this.#lose(month);
    for (const month of there) {
      if (this.#months.has(month)) continue;
      const text = await readFile(this.#path(month), "utf8").catch(() => "");
      const read = readOwnMonth(text, month);
      if (read !== undefined) this.#months.set(month, factsOf(read, text));
    }
  }

  /** All feeds give what they have of it once more. */
  #lose(month: string): void {
    this.#months.delete(month);
    for (const [feed, { months }] of this.fed) if (month in months) this.fed.delete(feed);
  }

  /** What is to be forgotten is another than the last time. */
  async #forget(): Promise<void> {
    for (const month of this.#months.keys()) await this.write(await this.read(month));
    this.fed.clear();
  }

  #withoutForgotten({ month, entries }: ArchiveMonth): ArchiveMonth {
    if (this.#forgotten.size === 0) return { month, entries };
    const isForgotten = (entry: ArchivedEntry | GoneEntry): boolean =>
      isShown(entry) && [entry.feed, ...entryKeys(entry)].some((key) => this.#forgotten.has(key));
    return { month, entries: entries.filter((entry) => !isForgotten(entry)) };
  }

  /** Absent when nothing is. */
  get #forgottenDigest(): string | undefined {
    return this.#forgotten.size === 0 ? undefined : hashOf([...this.#forgotten].sort().join());
  }

  #path(month: string): string {
    return join(this.#directory, `${month}.json`);
  }
}

function factsOf({ entries }: ArchiveMonth, text: string): MonthFacts {
  const shown = entries.filter(isShown);
  const feeds = [...new Set(shown.map(({ feed }) => shortKey(feed)))].sort();
  return { hash: hashOf(text), count: shown.length, feeds };
}

const hashOf = (text: string): string => sha256Of(text).slice(0, 32);

async function readIndex(file: string): Promise<Index> {
  const nothing: Index = { schema: SCHEMA, months: {}, fed: {} };
  try {
    const index: Index = JSON.parse(await readFile(file, "utf8"));
    return index.schema === SCHEMA ? index : nothing;
  } catch {
    return nothing; // absent or cut
  }
}

const sorted = <Value>(map: ReadonlyMap<string, Value>): Record<string, Value> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
