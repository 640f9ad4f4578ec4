import { readPlanetIni, textOf } from "@planet/content";
import { diffLines } from "diff";
import type { Versions } from "../../git.ts";

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

/** Undefined when the two changes do not fit together. */
export type Merge = (versions: Versions) => Promise<Uint8Array | undefined>;

export type Merged =
  | { readonly kind: "take" | "merge"; readonly after: Uint8Array }
  | { readonly kind: "conflict"; readonly why: string };

const APART = "changed here and in the bucket, and the two do not fit together";
const NOT_TEXT = "changed here and in the bucket, and it is not UTF-8 text, so only a person can put the two together";
const UNKNOWN = "it is not known which version the edit was made from, and taking it unchanged may undo a deploy";

/**
 * What site/ shall hold so that both changes survive: ours and the edit's. The version that an edit was made from need
 * not be the one published last: a deploy that takes its time lets somebody edit the version before it. So the ancestor
 * is the known version that is closest to the edit.
 */
export async function mergeEdit(facts: MergeFacts, merge: Merge): Promise<Merged> {
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
    return { kind: "conflict", why: isPublished ? UNKNOWN : edit === undefined ? NOT_TEXT : APART };
  }
  if (isPublished && earlier.length === 0) return { kind: "conflict", why: UNKNOWN };
  if (isPublished && same(ancestor, ours)) return { kind: "take", after: live };
  if (textOf(ours) === undefined) return { kind: "conflict", why: NOT_TEXT };
  const after = await merge({ ancestor, ours, theirs: live });
  return after && !isBroken(name, after) ? { kind: "merge", after } : { kind: "conflict", why: APART };
}

/** The first of those with the fewest lines that differ. */
function closest(edit: string, known: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
  let best: { bytes: Uint8Array; distance: number } | undefined;
  for (const bytes of known) {
    const distance = bytes && differingLines(textOf(bytes), edit);
    if (!bytes || distance === undefined) continue;
    if (!best || distance < best.distance) best = { bytes, distance };
  }
  return best?.bytes;
}

/** How many lines of either are not the other's; undefined when that takes too long, or one of them is not text. */
function differingLines(from: string | undefined, to: string): number | undefined {
  if (from === undefined) return undefined;
  const parts = diffLines(from, to, COMPARE_LIMIT);
  return parts?.filter(({ added, removed }) => added || removed).reduce((sum, { count }) => sum + count, 0);
}

/** Lines that fit one by one may still not be a planet.ini together. */
const isBroken = (name: string, bytes: Uint8Array): boolean =>
  name === "planet.ini" && readPlanetIni(bytes).problems.some(({ level }) => level === "error");

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);
