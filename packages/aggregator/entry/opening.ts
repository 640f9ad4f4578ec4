import type { ParsedEntry } from "../parse/types.ts";
import { textOfHtml } from "../sanitize/text.ts";

/** So many letters of two texts are compared. */
export const OPENING_LETTERS = 300;
/** So much of an entry's markup is read for them; most entries begin within an eighth of it. */
const READ_LENGTH = 5_000;
const FIRST_LENGTH = 600;
/** The last letters may be part of a reference that the cut has gone through; the longest name has 31. */
const CUT_LETTERS = 32;
const TEASER_LENGTH = 120;

/** The first letters of an entry's text, by which the copies of an essay are known without reading all texts again. */
export function openingOf(entry: ParsedEntry): string {
  const first = letters(beginningOf(entry, FIRST_LENGTH));
  const isEnough = first.length >= OPENING_LETTERS + CUT_LETTERS;
  return copyOf((isEnough ? first : letters(beginningOf(entry, READ_LENGTH))).slice(0, OPENING_LETTERS));
}

/** First words of an entry without a title: by these it is listed while its text stays on disk. */
export function teaserOf(entry: ParsedEntry): string | undefined {
  if (entry.title !== undefined && entry.title.value.trim() !== "") return undefined;
  const words = beginningOf(entry, READ_LENGTH).slice(0, TEASER_LENGTH);
  return copyOf(words.replace(/[\ud800-\udbff]$/, ""));
}

const beginningOf = ({ content, summary }: ParsedEntry, length: number): string =>
  textOfHtml((content ?? summary)?.value.slice(0, length) ?? "");

/** A slice keeps the whole string that it is of in memory, for as long as the entry is known: V8's sliced strings. */
const copyOf = (text: string): string => Buffer.from(text).toString();

/** Typography differs between the copies of an essay, letters do not. */
export function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
