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

/** The bucket as it is now: its manifest, the live objects, and the published bytes of files to be left alone. */
export interface Published {
  readonly manifest: PublishedManifest;
  readonly live: ReadonlyMap<string, PublicObject>;
  readonly kept: ReadonlyMap<string, PublicObject>;
}

export type ReadObject = (key: string) => Promise<PublicObject>;

/** More would make a small cloud's object storage the slowest part of a preview. */
const PARALLEL_READS = 8;

/**
 * Reads what this deploy has to know before it may touch anything.
 * @param names Files of the repository; those of the published manifest are read too.
 * @param leave Files whose published bytes are needed, because they stay what they are.
 */
export async function readPublished(
  read: ReadObject,
  names: readonly string[],
  leave: readonly string[],
): Promise<Published> {
  const manifest = toManifest(await read("manifest.json"));
  const entries = manifest.state === "present" ? manifest.manifest.files : [];
  const all = [...new Set([...names, ...leave, ...entries.map(({ name }) => name)])].toSorted();
  const live = await readAll(all, read);
  const left = entries.filter(({ name }) => leave.includes(name));
  const hashes = new Map(left.map(({ name, sha256 }) => [name, sha256]));
  const kept = await readAll([...hashes.keys()], (name) => read(`objects/${hashes.get(name)}`));
  return { manifest, live, kept };
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
