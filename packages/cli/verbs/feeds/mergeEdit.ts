import { readPlanetIni, textOf } from "@planet/content";
import { diffArrays } from "diff";

/** Longer than any planet.ini takes; a file that is not compared by then is left to people. */
const COMPARE_LIMIT = { timeout: 2_000 };

export interface MergeFacts {
  readonly name: string;
  readonly live: Uint8Array;
  readonly ours: Uint8Array;
  /** Bytes of the last deploy; undefined when they cannot be read. */
  readonly published: Uint8Array | undefined;
  /** Those of the deploys before, newest first, as far as they can be read. */
  readonly earlier: readonly Uint8Array[];
  /** Whether there were deploys of other bytes before. */
  readonly hasEarlier: boolean;
  /** The edit was uploaded after the last deploy wrote its manifest, by the storage's clock. */
  readonly isLater: boolean;
}

export type Merged =
  | { readonly kind: "take" | "merge"; readonly after: Uint8Array }
  | { readonly kind: "conflict"; readonly why: string };

const APART = "changed here and in the bucket, and the two do not fit together";
const UNKNOWN = "nobody can tell which version the edit was made from, and to take it whole may undo a deploy";

/**
 * What site/ shall hold so that both changes survive: ours and the edit's. The version that an edit was made from need
 * not be the one published last: a deploy that takes its time lets somebody edit the version before it. So the ancestor
 * is the known version that is closest to the edit.
 */
export function mergeEdit(facts: MergeFacts): Merged {
  const { name, live, ours, published, earlier, hasEarlier, isLater } = facts;
  const isPublished = published !== undefined && same(published, ours);
  // Made from what is published, or after its deploy had come to its end and taken the earlier bytes away.
  const isPlain = isPublished && (!hasEarlier || (isLater && earlier.length === 0));
  if (isPlain) return { kind: "take", after: live };
  const edit = textOf(live);
  const known = isLater ? [published, ...earlier] : [...earlier, published];
  const ancestor = edit === undefined ? undefined : closest(edit, known);
  if (ancestor === undefined) {
    if (isPublished && isLater) return { kind: "take", after: live };
    return { kind: "conflict", why: isPublished ? UNKNOWN : APART };
  }
  if (isPublished && earlier.length === 0) return { kind: "conflict", why: UNKNOWN };
  if (isPublished && same(ancestor, ours)) return { kind: "take", after: live };
  const after = merge(name, [ancestor, live, ours]);
  return after ? { kind: "merge", after } : { kind: "conflict", why: APART };
}

/** The first of those with the fewest lines that differ. */
function closest(edit: string, known: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
  let best: { bytes: Uint8Array; distance: number } | undefined;
  for (const bytes of known) {
    const changes = bytes && changesFrom(textOf(bytes), edit);
    if (!bytes || !changes) continue;
    const distance = changes.reduce((sum, { start, end, lines }) => sum + (end - start) + lines.length, 0);
    if (!best || distance < best.distance) best = { bytes, distance };
  }
  return best?.bytes;
}

/** Lines `start` to `end` (not counted) of the ancestor become these. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** Both sides' changes made to their ancestor; undefined when they do not fit or break the file. */
function merge(name: string, versions: readonly [Uint8Array, Uint8Array, Uint8Array]): Uint8Array | undefined {
  const [from, live, ours] = versions.map(textOf);
  const [theirs, own] = [changesFrom(from, live), changesFrom(from, ours)];
  if (from === undefined || !theirs || !own) return undefined;
  const more = theirs.filter((change) => !own.some((other) => isEqual(change, other)));
  if (more.some((change) => own.some((other) => overlaps(change, other)))) return undefined;
  const lines = linesOf(from);
  // From the end, so that earlier line numbers stay right; an insertion comes after what it follows.
  const all = [...own, ...more].toSorted((a, b) => b.start - a.start || b.end - a.end);
  for (const { start, end, lines: into } of all) lines.splice(start, end - start, ...into);
  const bytes = Buffer.from(lines.join(""));
  const isBroken = name === "planet.ini" && readPlanetIni(bytes).problems.some(({ level }) => level === "error");
  return isBroken ? undefined : bytes;
}

function changesFrom(from: string | undefined, to: string | undefined): Change[] | undefined {
  if (from === undefined || to === undefined) return undefined;
  const parts = diffArrays(linesOf(from), linesOf(to), COMPARE_LIMIT);
  if (!parts) return undefined;
  const changes: Change[] = [];
  let at = 0;
  let open: Change | undefined;
  for (const { added, removed, value } of parts) {
    if (added || removed) {
      open ??= { start: at, end: at, lines: [] };
      open = added ? { ...open, lines: [...open.lines, ...value] } : { ...open, end: open.end + value.length };
    } else {
      if (open) changes.push(open);
      open = undefined;
    }
    if (!added) at += value.length;
  }
  return open ? [...changes, open] : changes;
}

/** Two insertions at one place have no order; neighbours have. */
const overlaps = (a: Change, b: Change): boolean =>
  (a.start === b.start && a.end === b.end) || (a.start < b.end && b.start < a.end);

const isEqual = (a: Change, b: Change): boolean =>
  a.start === b.start && a.end === b.end && a.lines.join("") === b.lines.join("");

/** With their endings, so that a last line without one is another line. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);
