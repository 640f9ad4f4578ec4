import { joined, type Marks } from "./marks.ts";

/**
 * What shows that two entries are one, the surest first. docs/entries.md has these as a table. A sign counts only if a
 * single entry has it, in the document and among the known ones: broken feeds give one guid or one link to all.
 */
const SIGNS: readonly ((marks: Marks) => string | undefined)[] = [
  ({ id, link, title }) => joined(id, link, title),
  ({ id, link }) => joined(id, link),
  ({ id, title }) => joined(id, title),
  ({ id }) => id,
  ({ link, title }) => joined(link, title),
  ({ id, link }) => (id === undefined ? link : undefined),
  ({ title, date }) => joined(title, date),
  ({ title, text, date }) => (date === undefined ? joined(title, text) : undefined),
  ({ title, tellingText }) => joined(title, tellingText),
  (marks) => (isBare(marks) ? joined(marks.title ?? "", marks.text ?? "") : undefined),
  (marks) => (isBare(marks) && marks.date === undefined ? marks.title : undefined),
];

/** It has nothing but its words. */
const isBare = ({ id, link }: Marks) => id === undefined && link === undefined;

/** For each entry of a document the index of the known entry that it is, or undefined for a new one. */
export function recognise(entries: readonly Marks[], known: readonly Marks[]): (number | undefined)[] {
  const found: (number | undefined)[] = entries.map(() => undefined);
  const taken = new Set<number>();
  for (const sign of SIGNS) {
    const candidates = single(known, sign);
    if (candidates.size === 0) continue;
    for (const [word, index] of single(entries, sign)) {
      const match = candidates.get(word);
      if (match === undefined || taken.has(match) || found[index] !== undefined) continue;
      found[index] = match;
      taken.add(match);
    }
  }
  return found;
}

/** The entries that have a sign alone, by it. */
function single(entries: readonly Marks[], sign: (marks: Marks) => string | undefined): Map<string, number> {
  const found = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, marks] of entries.entries()) {
    const word = sign(marks);
    if (word === undefined) continue;
    if (found.has(word)) repeated.add(word);
    found.set(word, index);
  }
  for (const word of repeated) found.delete(word);
  return found;
}

/** Where a document has an entry twice, in two states: equal words mean one entry. */
export function sameness({ id, link, title, text, published, isAtom }: Marks): string {
  // Atom lists the states of an entry with their times (RFC 4287, 4.1.1), so another title means nothing.
  if (id !== undefined) return JSON.stringify(isAtom ? [id, link, published] : [id, link, title ?? text]);
  return JSON.stringify(link !== undefined && title !== undefined ? [link, title] : [link, title, text]);
}
