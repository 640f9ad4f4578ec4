import type { ParsedEntry } from "../parse/types.ts";
import { textOfHtml } from "../sanitize/text.ts";

/** So many letters of two texts are compared. */
export const OPENING_LETTERS = 300;
/** So much of an entry's markup is read for them. */
const READ_LENGTH = 5_000;

/** The first letters of an entry's text, by which the copies of an essay are known without reading all texts again. */
export function openingOf({ content, summary }: ParsedEntry): string {
  const text = letters(textOfHtml((content ?? summary)?.value.slice(0, READ_LENGTH) ?? ""));
  // A slice keeps the whole string that it is of in memory, for as long as the entry is known: V8's sliced strings.
  return Buffer.from(text.slice(0, OPENING_LETTERS)).toString();
}

/** Typography differs between the copies of an essay, letters do not. */
export function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
