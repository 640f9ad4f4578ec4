import { createHash } from "node:crypto";
import type { PlanetConfig } from "@planet/content";
import type { Entry } from "../../entry/types.ts";
import type { ArchivePart } from "../../render/archive.ts";
import { entryModels, type ShownEntry } from "../../render/model.ts";
import { frameOf, type SubPage } from "../../render/subPage.ts";
import { themeTemplates } from "../../render/theme/templates.ts";
import type { ChannelModel, PageModel } from "../../render/types.ts";
import { dirtyOf, titleOnly } from "../cleanTexts.ts";
import { withTexts } from "../entryTexts.ts";
import type { FeedRecord, FeedRecords } from "../feedRecord.ts";
import type { ReaderPool } from "../worker/readerPool.ts";

/** Raised when the same facts give other pages. */
const SCHEMA = 1;
/** What all pages may take of a run for cleaning texts. The others get theirs in the next runs. */
const RUN_BUDGET_MS = 30_000;

/** Everything that pages are made from. No texts: they are read for one page at a time. */
export interface PlanetFacts {
  readonly config: PlanetConfig;
  readonly front: PageModel;
  /** In the order of planet.ini, as are the next two. */
  readonly channels: readonly ChannelModel[];
  readonly current: readonly FeedRecord[];
  /** What each feed has, `filter` and `exclude` applied. */
  readonly collected: readonly (readonly Entry[])[];
  readonly archive: readonly ArchivePart[];
  readonly permalinks: ReadonlyMap<string, string>;
  readonly ownerEmail: string;
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
  readonly now: number;
}

/** Entries for a page. */
export interface MadeEntries extends Pick<PageModel, "days" | "items"> {
  /** False when a text is still to come. */
  readonly isWhole: boolean;
}

/** Gives pages their entries and their look, both made in the reader thread. */
export class PageMaker {
  readonly facts: PlanetFacts;
  readonly frame: PageModel;
  readonly #common: string;
  #spentMs = 0;

  constructor(facts: PlanetFacts) {
    this.facts = facts;
    this.frame = frameOf(facts.front);
    const { locale, timezone, dateFormat, newDateFormat } = facts.config;
    this.#common = digestOf([
      SCHEMA,
      this.frame,
      facts.ownerEmail,
      locale,
      timezone,
      dateFormat,
      newDateFormat,
      themeTemplates(),
    ]);
  }

  /** Equal for equal pages: of everything that the page is made from, and of what all pages have in common. */
  fingerprint(facts: unknown): string {
    return digestOf([this.#common, facts]);
  }

  /** What an entry's text follows from, without reading it. */
  sourceOf({ channel: { config, index } }: Entry): unknown {
    const { values: _, line: _line, ...rules } = config;
    return [rules, this.facts.current[index]?.changedAt];
  }

  /** Entries as pages show them: with their texts, or with their titles alone. */
  async entries(entries: readonly Entry[], hasTexts: boolean): Promise<MadeEntries> {
    const isWhole = !hasTexts || this.#spentMs < RUN_BUDGET_MS;
    const whole = hasTexts && isWhole ? await this.#withTexts(entries) : undefined;
    return { ...entryModels(whole ?? (await this.#titles(entries)), this.facts), isWhole };
  }

  draw(page: SubPage): Promise<string> {
    return this.facts.readers.run<"draw">({ kind: "draw", page });
  }

  /** Undefined when the reader fails on one of them. */
  async #withTexts(entries: readonly Entry[]): Promise<ShownEntry[] | undefined> {
    const { records, now } = this.facts;
    const whole = await withTexts(entries, records, now);
    const started = Date.now();
    try {
      return await this.#clean(whole);
    } catch {
      return undefined;
    } finally {
      this.#spentMs += Date.now() - started;
    }
  }

  async #titles(entries: readonly Entry[]): Promise<ShownEntry[]> {
    const light = entries.map(withoutText);
    return this.#clean(light).catch(() => light.map((entry) => ({ entry, clean: titleOnly(entry) })));
  }

  async #clean(entries: readonly Entry[]): Promise<ShownEntry[]> {
    const { readers } = this.facts;
    const cleaned = await readers.run<"cleanAll">({ kind: "cleanAll", entries: entries.map(dirtyOf) });
    return entries.flatMap((entry, index) => {
      const clean = cleaned[index];
      return clean === undefined ? [] : [{ entry, clean }];
    });
  }
}

/** An entry without a title has its first words, as its title would be. */
function withoutText(entry: Entry): Entry {
  const { teaser } = entry;
  const summary = teaser === undefined ? undefined : ({ kind: "text", value: teaser } as const);
  return { ...entry, parsed: { ...entry.parsed, content: undefined, summary, pictures: [] } };
}

const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
