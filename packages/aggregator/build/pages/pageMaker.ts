import { createHash } from "node:crypto";
import type { PlanetConfig } from "@planet/content";
import type { ArchiveStore } from "../../archive/archiveStore.ts";
import type { SortedMonth } from "../../archive/parts.ts";
import type { Entry } from "../../entry/types.ts";
import type { ShownEntry } from "../../render/model.ts";
import { frameOf, type SubPage } from "../../render/subPage.ts";
import { themeTemplates } from "../../render/theme/templates.ts";
import type { ChannelModel, PageModel } from "../../render/types.ts";
import { cleanTitles, dirtyOf } from "../cleanTexts.ts";
import { withTexts } from "../entryTexts.ts";
import type { FeedRecord, FeedRecords } from "../feedRecord.ts";
import type { ReaderPool } from "../worker/readerPool.ts";

/** Raised when the same facts give other pages. */
const SCHEMA = 3;
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
  /** All entries of the planet in their order. */
  readonly sorted: readonly Entry[];
  readonly archive: ArchiveStore;
  readonly sortedMonth: SortedMonth;
  readonly permalinks: ReadonlyMap<string, string>;
  readonly ownerEmail: string;
  readonly records: FeedRecords;
  readonly readers: ReaderPool;
  readonly now: number;
}

/** Entries as a page shows them. */
export interface PageEntries {
  readonly shown: readonly ShownEntry[];
  readonly hasTexts: boolean;
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

  /** With their texts; with their titles alone when the reader fails on one, or has done enough for this run. */
  async withTexts(entries: readonly Entry[]): Promise<PageEntries> {
    const isWhole = this.#spentMs < RUN_BUDGET_MS;
    const shown = isWhole ? await this.#cleaned(entries) : undefined;
    return { shown: shown ?? (await this.titles(entries)), hasTexts: shown !== undefined, isWhole };
  }

  /** An entry without a title has its first words, as its title would be. */
  titles(entries: readonly Entry[]): Promise<ShownEntry[]> {
    return cleanTitles(entries, this.facts.readers);
  }

  draw(page: SubPage): Promise<string> {
    return this.facts.readers.run<"draw">({ kind: "draw", page });
  }

  /** Undefined when the reader fails on one of them. */
  async #cleaned(entries: readonly Entry[]): Promise<ShownEntry[] | undefined> {
    const { records, readers, now } = this.facts;
    const whole = withTexts(entries, records, now);
    const started = Date.now();
    try {
      const cleaned = await readers.run<"cleanAll">({ kind: "cleanAll", entries: whole.map(dirtyOf) });
      return whole.flatMap((entry, index) => {
        const clean = cleaned[index];
        return clean === undefined ? [] : [{ entry, clean }];
      });
    } catch {
      return undefined;
    } finally {
      this.#spentMs += Date.now() - started;
    }
  }
}

const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
