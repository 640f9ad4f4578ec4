import { isOperatorEdit, judgeLiveObject, type Manifest, readPlanetIni } from "@planet/aggregator";
import { applyPatch, structuredPatch } from "diff";
import { sha256 } from "../preview/contentTexts.ts";
import type { LiveBucket, LiveObject } from "./liveBucket.ts";

/**
 * What to do about one live edit. `take`: site/ gets the live bytes. `merge`: both sides changed the file, and the edit
 * fits into ours. `conflict`: it does not. `same`: site/ has it already. `closed`: nobody can read it.
 */
export interface PulledFile {
  readonly name: string;
  readonly kind: "take" | "merge" | "conflict" | "same" | "closed";
  readonly before?: Uint8Array;
  /** What site/ shall hold; absent when it stays. */
  readonly after?: Uint8Array;
  readonly live?: { readonly sha256: string; readonly bytes: Uint8Array };
}

export interface PullFacts {
  readonly bucket: LiveBucket;
  readonly site: ReadonlyMap<string, Uint8Array>;
  /** Published bytes of the files that differ in site/, by name: the common ancestor. */
  readonly bases: ReadonlyMap<string, LiveObject>;
}

const manifestOf = ({ manifest }: LiveBucket): Manifest | undefined =>
  manifest.state === "present" ? manifest.manifest : undefined;

/** Names of edited files whose published bytes are needed to merge. */
export function basesNeeded({ bucket, site }: Omit<PullFacts, "bases">): { name: string; sha256: string }[] {
  const files = manifestOf(bucket)?.files ?? [];
  return files.filter(({ name, sha256: hash }) => {
    const [live, ours] = [bucket.objects.get(name), site.get(name)];
    return live?.state === "present" && ours !== undefined && sha256(ours) !== hash && sha256(live.bytes) !== hash;
  });
}

/** Every live edit, sorted by name. Pure. */
export function planPull(facts: PullFacts): PulledFile[] {
  return [...facts.bucket.objects.keys()].toSorted().flatMap((name) => planFile(name, facts) ?? []);
}

function planFile(name: string, { bucket, site, bases }: PullFacts): PulledFile | undefined {
  const object = bucket.objects.get(name);
  const entry = manifestOf(bucket)?.files.find((file) => file.name === name);
  if (object?.state === "forbidden") return { name, kind: "closed" };
  if (object?.state !== "present") return undefined;
  const hash = sha256(object.bytes);
  const verdict = judgeLiveObject({
    live: hash,
    manifestFile: entry,
    liveModified: object.modified,
    manifestModified: bucket.manifest.state === "present" ? bucket.manifest.modified : undefined,
  });
  if (!isOperatorEdit(verdict)) return undefined;
  const before = site.get(name);
  const live = { sha256: hash, bytes: object.bytes };
  const facts = { name, live, ...(before && { before }) };
  const ours = before && sha256(before);
  if (ours === hash) return { ...facts, kind: "same" };
  // Ours is as published, or not there: the edit is the only change there is.
  if (!before || ours === entry?.sha256) return { ...facts, kind: "take", after: object.bytes };
  const base = bases.get(name);
  const merged = base?.state === "present" ? merge(name, base.bytes, object.bytes, before) : undefined;
  return merged ? { ...facts, kind: "merge", after: merged } : { ...facts, kind: "conflict" };
}

/** The change from base to live, made to ours; undefined when it does not fit or breaks the file. */
function merge(name: string, base: Uint8Array, live: Uint8Array, ours: Uint8Array): Uint8Array | undefined {
  const [from, to, onto] = [base, live, ours].map(textOf);
  if (from === undefined || to === undefined || onto === undefined) return undefined;
  const patch = structuredPatch(name, name, from, to, undefined, undefined, { timeout: 2_000 });
  const merged = patch && applyPatch(onto, patch);
  if (merged === undefined || merged === false || merged === onto) return undefined;
  const bytes = Buffer.from(merged);
  const broken = name === "planet.ini" && readPlanetIni(bytes).problems.some(({ level }) => level === "error");
  return broken ? undefined : bytes;
}

/** The bytes as text, if that text stands for exactly these bytes. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return text.includes("\0") || !Buffer.from(text).equals(bytes) ? undefined : text;
}
