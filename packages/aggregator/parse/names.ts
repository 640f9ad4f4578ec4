import { titleText } from "../sanitize/titles.ts";
import { firstOf } from "./fields.ts";
import type { ParsedEntry } from "./types.ts";

const MAX_INPUT_LENGTH = 1_000;
const MAX_LENGTH = 200;
const MAX_PEOPLE = 10;
const MAX_CATEGORIES = 20;
const MAX_CATEGORY_LENGTH = 64;

/** As the page names them, and one by one. */
export type Authors = Pick<ParsedEntry, "author" | "authors">;

const WORD = String.raw`[^\s@＠<>()[\]{},;:"'|]`;
const SIGN = String.raw`(?:[@＠]|%40|\s?[([{<]\s?at\s?[)\]}>]\s?)`;
/** Anything with an @ inside, and the usual ways to write one for people only. */
const ADDRESS = new RegExp(`(?:mailto:)?${WORD}{0,64}${SIGN}+${WORD}{1,255}(?:[@＠]${WORD}{0,255})*`, "gi");
/** `ann@a.test (Ann)`: the name is the comment. */
const COMMENTED = /\0\s{0,5}\(([^()\0]*)\)/g;
const EMPTY_BRACKETS = /[([{<"'][\s\0,;:]*[)\]}>"']/g;
const SEPARATORS = /^[\s,;:|/·–—-]+|[\s,;:|/·–—-]+$/g;

/**
 * The name of a person, as text: references and markup are read as in titles. No address of mail is ever part of it,
 * whether in brackets, bare or one of several; what is only an address is not a name.
 */
export function personName(raw: string | undefined): string | undefined {
  const name = withoutMailAddresses(shortText(raw)).slice(0, MAX_LENGTH).trim();
  return /[^\s@＠]/.test(name) ? name : undefined;
}

/** `Ann, Bob`, each once. */
export function people(values: readonly (string | undefined)[]): string[] {
  const names = values.slice(0, 100).map(personName);
  return [...new Set(names.filter((name) => name !== undefined))].slice(0, MAX_PEOPLE);
}

/** The people of the first list that names any. */
export function authorsOf(...lists: readonly (readonly (string | undefined)[] | undefined)[]): Authors {
  for (const list of lists) {
    const authors = people(list ?? []);
    if (authors.length > 0) return { author: authors.join(", "), authors };
  }
  return { author: undefined, authors: undefined };
}

/** A word on rights; it often names a person. */
export function rightsText(...values: readonly (string | undefined)[]): string | undefined {
  const value = firstOf(...values);
  return value === undefined ? undefined : firstOf(withoutMailAddresses(value.slice(0, MAX_INPUT_LENGTH)));
}

/** A text in which every address of mail is left out. */
function withoutMailAddresses(text: string): string {
  const marked = text.replace(/\0/g, "").replace(ADDRESS, "\0");
  if (!marked.includes("\0")) return text;
  const name = marked
    .replace(COMMENTED, "$1")
    .replace(EMPTY_BRACKETS, "")
    .replace(/\0/g, "")
    .replace(/\s+(?=[,;])/g, "")
    .replace(/([,;])(?:\s*[,;])+/g, "$1")
    .replace(/\s+/g, " ")
    .replace(SEPARATORS, "")
    .replace(/^\(([^()]*)\)$|^"([^"]*)"$|^'([^']*)'$/, "$1$2$3");
  return /[\p{L}\p{N}]/u.test(name) ? name : "";
}

/** Trimmed, without repetitions, limited in number and length; references and markup are read as in titles. */
export function categories(values: readonly (string | undefined)[]): string[] {
  const names = values
    .slice(0, 10 * MAX_CATEGORIES)
    .map(shortText)
    .filter((name) => name !== "" && name.length <= MAX_CATEGORY_LENGTH);
  return [...new Set(names)].slice(0, MAX_CATEGORIES);
}

/** `a, b` → two keywords. */
export function keywords(value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return [];
  return (typeof value === "string" ? [value] : [...value]).flatMap((part) => part.split(","));
}

function shortText(value: string | undefined): string {
  return value === undefined ? "" : titleText({ kind: "html", value: value.slice(0, MAX_INPUT_LENGTH) });
}
