import { createHash } from "node:crypto";
import type { ParsedEntry } from "../parse/types.ts";
import { normalisedId, normalisedLink } from "./addresses.ts";

/** A shorter text is a phrase that a blog may repeat. */
const TELLING_LENGTH = 100;

/** The blog that entries belong to. */
export interface Blog {
  /** Its home page by `normalisedLink`: as the id or the link of an entry it says nothing. */
  readonly home: string;
  /** `ignore_in_feed` of planet.ini. */
  readonly ignored: readonly string[];
}

/** What an entry may be known by, each in one spelling. */
export interface Marks {
  readonly id?: string | undefined;
  readonly link?: string | undefined;
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  /** A text that no other entry has by chance. */
  readonly tellingText?: string | undefined;
  readonly published?: string | undefined;
  readonly date?: string | undefined;
  readonly isAtom: boolean;
}

export function marksOf(entry: ParsedEntry, { home, ignored }: Blog): Marks {
  const own = (value: string | undefined) =>
    value === undefined || normalisedLink(value) === home ? undefined : value;
  const [id, link] = [own(entry.id), own(entry.link)];
  const text = entry.content?.value ?? entry.summary?.value;
  const hash = text === undefined ? undefined : digestOf([text]);
  return {
    id: id === undefined || ignored.includes("id") ? undefined : normalisedId(id),
    link: link === undefined || ignored.includes("link") ? undefined : normalisedLink(link),
    title: entry.title?.value,
    text: hash,
    tellingText: (text?.length ?? 0) < TELLING_LENGTH ? undefined : hash,
    published: entry.published?.toString(),
    date: (entry.published ?? entry.updated)?.toString(),
    isAtom: entry.updated !== undefined,
  };
}

/** One word for several; undefined when one of them is missing. */
export function joined(...marks: readonly (string | undefined)[]): string | undefined {
  return marks.includes(undefined) ? undefined : JSON.stringify(marks);
}

/** SHA-256 of some words, in hex. */
export function digestOf(words: readonly string[]): string {
  return createHash("sha256").update(words.join("\n")).digest("hex");
}
