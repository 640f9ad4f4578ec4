import { isTemplate, templateProblems } from "@planet/aggregator";
import {
  isOperatorEdit,
  judgeLiveObject,
  type Manifest,
  type ManifestFile,
  readPlanetIni,
  refuseEdit,
  sha256Of,
} from "@planet/content";
import type { LiveBucket, LiveObject } from "@planet/content/live";
import { type Merge, type MergeFacts, mergeEdit } from "./mergeEdit.ts";

/**
 * What to do about one live edit. `take`: site/ gets the live bytes. `merge`: both sides changed the file, and the edit
 * fits into ours. `conflict`: it does not. `same`: site/ has it already. `closed`: nobody can read it. `rejected`: the
 * server does not take it, so neither does the repository.
 */
export interface PulledFile {
  readonly name: string;
  readonly kind: "take" | "merge" | "conflict" | "same" | "closed" | "rejected";
  readonly before?: Uint8Array;
  /** What site/ shall hold; absent when it stays. */
  readonly after?: Uint8Array;
  readonly live?: { readonly sha256: string; readonly bytes: Uint8Array };
  /** Of a conflict and of what is rejected. */
  readonly why?: string;
  /** The next deploy would write this file, once it may: it is not in site/ as it was published. */
  readonly isChangedHere?: boolean;
}

export interface PullFacts {
  readonly bucket: LiveBucket;
  readonly site: ReadonlyMap<string, Uint8Array>;
  /** Published bytes that can be read, by hash: versions that an edit may have been made from. */
  readonly bases: ReadonlyMap<string, Uint8Array>;
}

const manifestOf = ({ manifest }: LiveBucket): Manifest | undefined =>
  manifest.state === "present" ? manifest.manifest : undefined;

/** Edited files and the hashes of the versions that their edit may have been made from. */
export function basesNeeded({ bucket, site }: Omit<PullFacts, "bases">): { name: string; hashes: string[] }[] {
  return (manifestOf(bucket)?.files ?? []).flatMap(({ name, sha256: published, replaces }) => {
    const [live, ours] = [bucket.objects.get(name), site.get(name)];
    if (live?.state !== "present" || ours === undefined || sha256Of(live.bytes) === published) return [];
    return [{ name, hashes: [published, ...replaces] }];
  });
}

/** Every live edit, sorted by name. Changes nothing. */
export async function planPull(facts: PullFacts, merge: Merge): Promise<PulledFile[]> {
  const names = [...facts.bucket.objects.keys()].toSorted();
  const pulled = await Promise.all(names.map((name) => planFile(name, facts, merge)));
  return pulled.filter((file) => file !== undefined);
}

async function planFile(name: string, facts: PullFacts, merge: Merge): Promise<PulledFile | undefined> {
  const { bucket, site } = facts;
  const object = bucket.objects.get(name);
  const entry = manifestOf(bucket)?.files.find((file) => file.name === name);
  if (object?.state === "forbidden") return { name, kind: "closed" };
  if (object?.state !== "present") return undefined;
  const hash = sha256Of(object.bytes);
  const verdict = judgeLiveObject({ live: hash, manifestFile: entry, ...timesOf(object, bucket) });
  if (!isOperatorEdit(verdict)) return undefined;
  const before = site.get(name);
  const ours = before && sha256Of(before);
  const subject = { name, live: { sha256: hash, bytes: object.bytes }, ...(before && { before }) };
  const why = refusalOf(name, object.bytes, before) ?? (await templateRefusal(name, object.bytes, facts));
  if (why !== undefined) return { ...subject, kind: "rejected", why, isChangedHere: ours !== entry?.sha256 };
  if (ours === hash) return { ...subject, kind: "same" };
  if (!before) return { ...subject, kind: "take", after: object.bytes };
  // Who puts an older version back wants that version, whatever came between.
  const replaces = verdict === "put-back" ? [] : (entry?.replaces ?? []);
  return { ...subject, ...(await mergeEdit(mergeFacts({ name, before, object, entry, replaces }, facts), merge)) };
}

interface Subject {
  readonly name: string;
  readonly before: Uint8Array;
  readonly object: Extract<LiveObject, { state: "present" }>;
  readonly entry: ManifestFile | undefined;
  readonly replaces: readonly string[];
}

function mergeFacts({ name, before, object, entry, replaces }: Subject, { bucket, bases }: PullFacts): MergeFacts {
  const { liveModified, manifestModified } = timesOf(object, bucket);
  const isPublished = entry?.sha256 === sha256Of(before);
  return {
    name,
    live: object.bytes,
    ours: before,
    published: isPublished ? before : entry && bases.get(entry.sha256),
    earlier: replaces.flatMap((hash) => bases.get(hash) ?? []),
    hasEarlier: replaces.length > 0,
    isLater: liveModified !== undefined && manifestModified !== undefined && liveModified > manifestModified,
  };
}

const timesOf = (object: Extract<LiveObject, { state: "present" }>, { manifest }: LiveBucket) => ({
  liveModified: object.modified,
  manifestModified: manifest.state === "present" ? manifest.modified : undefined,
});

/** As the server sees it; what is in effect there is taken to be much like what is here. */
function refusalOf(name: string, bytes: Uint8Array, before: Uint8Array | undefined): string | undefined {
  const config = name === "planet.ini" && before ? readPlanetIni(before).config : undefined;
  const refusal = refuseEdit(name, bytes, config);
  if (!refusal) return undefined;
  return refusal.line === undefined ? refusal.message : `line ${refusal.line}: ${refusal.message}`;
}

/** A template that no page can be made of; what it includes may be new in the bucket, too. */
async function templateRefusal(
  name: string,
  bytes: Uint8Array,
  { bucket, site }: PullFacts,
): Promise<string | undefined> {
  if (!isTemplate(name)) return undefined;
  const added = [...bucket.objects].flatMap(([each, object]) =>
    object.state === "present" ? [[each, object.bytes] as const] : [],
  );
  const files = new Map([...added, ...site, [name, bytes]]);
  const problems = await templateProblems([...files].map(([each, content]) => ({ name: each, bytes: content })));
  const problem = problems.find(({ file, level }) => file === name && level === "error");
  return problem && `line ${problem.line}: ${problem.text}`;
}
