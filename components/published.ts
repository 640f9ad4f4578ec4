import { type Manifest, parseManifest } from "@planet/aggregator";

/** What an anonymous reader of the bucket gets. `modified` is by the storage's own clock. */
export type PublicObject =
  | { readonly state: "present"; readonly bytes: Uint8Array; readonly modified: Date | undefined }
  | { readonly state: "missing" }
  | { readonly state: "forbidden" };

export type PublishedManifest =
  | { readonly state: "present"; readonly manifest: Manifest; readonly modified: Date | undefined }
  | { readonly state: "missing" }
  | { readonly state: "forbidden" }
  | { readonly state: "unreadable"; readonly reason: string };

/** Maps are by file name. */
export interface Published {
  readonly manifest: PublishedManifest;
  readonly live: ReadonlyMap<string, PublicObject>;
  /** The published bytes of files to be left alone. */
  readonly kept: ReadonlyMap<string, PublicObject>;
  /** Edits that an earlier deploy has overwritten on request, as it has kept them. */
  readonly overwritten: ReadonlyMap<string, PublicObject>;
}

export type ReadObject = (key: string) => Promise<PublicObject>;

/** What the settings say of edits in the bucket. */
export interface EditSettings {
  /** File name to the first 8 digits of the hash of an edit that may be overwritten. */
  readonly overwrite: Readonly<Record<string, string>>;
  /** Files whose published bytes are needed, because they stay what they are. */
  readonly leave: readonly string[];
}

/** More would make a small cloud's object storage the slowest part of a preview. */
const PARALLEL_READS = 8;

/**
 * Reads what this deploy has to know before it may touch anything.
 * @param names Files of the repository; those of the published manifest are read too.
 */
export async function readPublished(
  read: ReadObject,
  names: readonly string[],
  { overwrite, leave }: EditSettings,
): Promise<Published> {
  const manifest = toManifest(await read("manifest.json"));
  const entries = manifest.state === "present" ? manifest.manifest.files : [];
  const all = [...new Set([...names, ...leave, ...entries.map(({ name }) => name)])].toSorted();
  const live = await readAll(all, read);
  const left = entries.filter(({ name }) => leave.includes(name));
  const kept = await readHashes(new Map(left.map(({ name, sha256 }) => [name, sha256])), read);
  const done = entries.flatMap(({ name, replaces }): [string, string][] => {
    const digits = Object.hasOwn(overwrite, name) ? overwrite[name] : undefined;
    const hash = digits === undefined ? undefined : replaces.find((before) => before.startsWith(digits));
    return hash === undefined ? [] : [[name, hash]];
  });
  return { manifest, live, kept, overwritten: await readHashes(new Map(done), read) };
}

function readHashes(hashes: ReadonlyMap<string, string>, read: ReadObject): Promise<Map<string, PublicObject>> {
  return readAll([...hashes.keys()], (name) => read(`objects/${hashes.get(name)}`));
}

function toManifest(object: PublicObject): PublishedManifest {
  if (object.state !== "present") return object;
  try {
    return { state: "present", manifest: parseManifest(object.bytes), modified: object.modified };
  } catch (error) {
    return { state: "unreadable", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function readAll(names: readonly string[], read: ReadObject): Promise<Map<string, PublicObject>> {
  const found = new Map<string, PublicObject>();
  const waiting = [...names];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) found.set(name, await read(name));
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, worker));
  return found;
}
