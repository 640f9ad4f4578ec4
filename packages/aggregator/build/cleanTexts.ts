import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Entry } from "../entry/types.ts";
import { writeAtomically } from "../files.ts";
import type { ShownEntry } from "../render/model.ts";
import type { CleanEntry, DirtyEntry } from "../sanitize/cleanEntry.ts";
import { paragraphs, plainName, textOf } from "../sanitize/text.ts";
import { cleanTitle, isPlainTitle } from "../sanitize/titles.ts";
import { cleanHtml, htmlOfText } from "../text/cleanHtml.ts";
import type { ReaderPool } from "./worker/readerPool.ts";

/** Raised when the sanitiser gives other results for the same text. */
const SCHEMA = 2;
/** What one feed, and all of them, may take of a run. What is left over is cleaned in the next run. */
const FEED_BUDGET_MS = 10_000;
const RUN_BUDGET_MS = 60_000;

/** Texts by the hash of what they were cleaned from; null: the reader failed on it. */
type Cleaned = ReadonlyMap<string, CleanEntry | null>;

interface CleaningOptions {
  /** Of the cache. */
  readonly directory: string;
  /** A trial shows other entries, for once: nothing is kept of it. */
  readonly isTrial: boolean;
  readonly clock?: () => number;
}

/**
 * Cleans the entries of the window: some 60 of thousands. A text that was cleaned in an earlier run costs nothing, and one
 * that the reader failed on is not tried again. An entry that cannot be cleaned shows its title.
 */
export async function cleanTexts(
  window: readonly Entry[],
  readers: ReaderPool,
  { directory, isTrial, clock = Date.now }: CleaningOptions,
): Promise<ShownEntry[]> {
  const file = join(directory, "cleaned.json");
  const before = await load(file);
  const after = new Map<string, CleanEntry | null>();
  const spent = new Map<number, number>();
  let total = 0;
  const shown: ShownEntry[] = [];
  for (const entry of window) {
    const dirty = dirtyOf(entry);
    const key = createHash("sha256").update(JSON.stringify(dirty)).digest("hex");
    let clean = before.get(key);
    const feed = entry.channel.index;
    if (clean === undefined && total < RUN_BUDGET_MS && (spent.get(feed) ?? 0) < FEED_BUDGET_MS) {
      const started = clock();
      clean = await readers.run<"clean">({ kind: "clean", entry: dirty }).catch(() => null);
      const took = clock() - started;
      total += took;
      spent.set(feed, (spent.get(feed) ?? 0) + took);
    }
    if (clean !== undefined) after.set(key, clean);
    shown.push({ entry, clean: clean ?? titleOnly(entry) });
  }
  if (!isTrial && !isSame(before, after)) await save(file, after);
  return shown;
}

/** Titles, and the first words of entries without one. Only titles with markup need the reader. */
export async function cleanTitles(entries: readonly Entry[], readers: ReaderPool): Promise<ShownEntry[]> {
  const formatted = entries.filter(({ parsed }) => !isPlainTitle(parsed.title));
  const titles = formatted.map(({ parsed }) => parsed.title);
  const cleaned = titles.length === 0 ? [] : await readers.run<"titles">({ kind: "titles", titles }).catch(() => []);
  const known = new Map(formatted.map((entry, index) => [entry, cleaned[index] ?? titleOnly(entry)]));
  return entries.map((entry) => {
    const words = { kind: "text", value: entry.teaser ?? "" } as const;
    const title = known.get(entry) ?? cleanTitle(entry.parsed.title);
    return { entry, clean: { contentHtml: paragraphs(words.value), summaryText: textOf(words), ...title } };
  });
}

export function dirtyOf({ parsed, channel }: Entry): DirtyEntry {
  const { xmlBase, excerpt } = channel.config;
  return { parsed, feedLink: channel.feed?.link, sourceUrl: channel.sourceUrl, xmlBase, excerpt };
}

/** The title leads to the source. */
function titleOnly({ parsed }: Entry): CleanEntry {
  const title = plainName((parsed.title?.value ?? "").slice(0, 500).replace(/<[^>]*>/g, ""));
  return { contentHtml: cleanHtml(""), summaryText: "", titlePlain: title, titleHtml: htmlOfText(title) };
}

async function load(file: string): Promise<Cleaned> {
  try {
    const { schema, texts } = JSON.parse(await readFile(file, "utf8"));
    return schema === SCHEMA ? new Map(Object.entries(texts)) : new Map();
  } catch {
    return new Map(); // absent or cut
  }
}

async function save(file: string, texts: Cleaned): Promise<void> {
  await writeAtomically(file, JSON.stringify({ schema: SCHEMA, texts: Object.fromEntries(texts) }));
}

const isSame = (before: Cleaned, after: Cleaned): boolean =>
  before.size === after.size && [...after.keys()].every((key) => before.has(key));
