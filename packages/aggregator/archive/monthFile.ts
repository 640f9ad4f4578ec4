import { isRecord } from "@planet/content/json";
import { plainName } from "../sanitize/text.ts";
import { titleHtml } from "../sanitize/titles.ts";
import { cleanHtml } from "../text/cleanHtml.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import { lineOf } from "./entryLine.ts";
import { MAX_ENTRIES, monthFrom, oldMarks, type Stored } from "./mergeMonths.ts";
import { isMonth, monthOf } from "./months.ts";
import { type ArchiveMonth, isShown } from "./types.ts";

const SCHEMA = 1;
/** What is longer is no part of the archive. */
export const LIMITS = { id: 8_000, link: 8_000, title: 8_000, word: 600, categories: 20 };
/** Half of what a `Date` can have: what comes later than it is a time, too. */
const MAX_TIME = 4.32e15;

/** Somebody else wrote a month: a newer version of this program, or nobody that we know. */
export type ForeignMonth =
  | { readonly kind: "month"; readonly month: ArchiveMonth }
  /** To be left alone, never to be overwritten. */
  | { readonly kind: "newer" }
  | { readonly kind: "unusable" };

/** One line for each entry, so that two states can be compared by people. Equal months give equal text. */
export function writeMonth({ month, entries }: ArchiveMonth): string {
  return `{"schema":${SCHEMA},"month":"${month}","entries":[\n${entries.map(lineOf).join(",\n")}\n]}\n`;
}

/** What this server itself has written: its entries are sorted, and their words are clean. */
export function readOwnMonth(text: string, month: string): ArchiveMonth | undefined {
  const { schema, month: name, entries } = parsed(text);
  if (schema !== SCHEMA || name !== month || !Array.isArray(entries)) return undefined;
  const known = entries.slice(0, MAX_ENTRIES).map(readOwnEntry);
  const old = oldMarks(known);
  return { month, entries: known.filter((entry) => !old.has(entry)) };
}

/** With what `lineOf` leaves out. */
function readOwnEntry(stored: Stored): Stored {
  if (!isShown(stored)) return stored;
  const { id, at, seen, index, order = Number.NEGATIVE_INFINITY, date, feed } = stored;
  const { name = "", title = cleanHtml(""), link = "", author = "", language = "", categories = [] } = stored;
  const { teaser = "" } = stored;
  return { id, at, seen, index, order, date, feed, name, title, link, author, language, categories, teaser };
}

/**
 * A month that anybody may have written. An entry of another shape, or of another month, is left out; what is on pages is
 * sanitised like a feed's. Belongs into a reader thread.
 */
export function readForeignMonth(text: string, month: string): ForeignMonth {
  const { schema, month: name, entries } = parsed(text);
  if (typeof schema !== "number") return { kind: "unusable" };
  if (schema > SCHEMA) return { kind: "newer" };
  if (!isMonth(month) || name !== month || !Array.isArray(entries)) return { kind: "unusable" };
  const known: Stored[] = [];
  for (const each of entries.slice(0, MAX_ENTRIES)) {
    const entry = readForeignEntry(each, month);
    if (entry !== undefined) known.push(entry);
  }
  return { kind: "month", month: monthFrom(month, known) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {}; // cut, or never JSON
  }
}

function readForeignEntry(value: unknown, month: string): Stored | undefined {
  if (!isRecord(value)) return undefined;
  const { id, key, at, seen, index, order = Number.NEGATIVE_INFINITY, date, feed, gone, categories = [] } = value;
  if (!isTime(at)) return undefined;
  if (gone === true) return typeof key === "string" && /^[0-9a-f]{32}$/.test(key) ? { key, at, gone } : undefined;
  if (typeof id !== "string" || id === "" || id.length > LIMITS.id) return undefined;
  if (!isTime(seen) || !isTime(index) || typeof order !== "number" || (date !== undefined && !isTime(date)))
    return undefined;
  if (Math.abs(order) > MAX_TIME && Number.isFinite(order)) return undefined;
  if (monthOf(order) !== month || typeof feed !== "string" || !/^[0-9a-f]{64}$/.test(feed)) return undefined;
  const word = (key: string) => plainName(textOf(value[key], LIMITS.word));
  const names = Array.isArray(categories) ? categories.slice(0, LIMITS.categories) : [];
  return {
    ...{ id, at, seen, index, order, date, feed },
    name: word("name"),
    title: titleHtml({ kind: "html", value: textOf(value.title, LIMITS.title) }),
    link: webAddress(textOf(value.link, LIMITS.link)),
    author: word("author"),
    language: languageOf(value.language),
    categories: names.map((name) => plainName(textOf(name, LIMITS.word))).filter((name) => name !== ""),
    teaser: word("teaser"),
  };
}

const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Math.abs(value as number) <= MAX_TIME;
const textOf = (value: unknown, longest: number): string =>
  typeof value === "string" && value.length <= longest ? value : "";

/** As it may stand in a page, or empty. */
export function webAddress(value: string): string {
  return /^https?:\/\//i.test(value) && URL.canParse(value) ? withoutPasswords(value) : "";
}

/** A language tag, or empty. */
export function languageOf(value: unknown): string {
  return typeof value === "string" && /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(value) ? value : "";
}
