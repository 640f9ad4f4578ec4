import { messageOf } from "@planet/errors";
import { isCloudError, readPublicObject } from "@planet/eucalyptus-client/publicObject";
import { type Manifest, parseManifest } from "../manifest/manifest.ts";

/** What an anonymous reader of the bucket gets; times are the storage's own. */
export type LiveObject =
  | { readonly state: "present"; readonly bytes: Uint8Array; readonly modified?: Date | undefined }
  | { readonly state: "missing" }
  | { readonly state: "forbidden" };

export type LiveManifest =
  | { readonly state: "present"; readonly manifest: Manifest; readonly modified?: Date | undefined }
  | { readonly state: "missing" }
  | { readonly state: "forbidden" }
  | { readonly state: "unreadable"; readonly reason: string };

/** The bucket as it is now: what was published last, and the live objects of the names asked for. */
export interface LiveBucket {
  readonly manifest: LiveManifest;
  readonly objects: ReadonlyMap<string, LiveObject>;
}

/** Reads one object by its key. Rejects when the object storage does not answer. */
export type ReadLive = (key: string) => Promise<LiveObject>;

/** More would make a small cloud's object storage the slowest part. */
const PARALLEL_READS = 8;

/** As everybody may: without keys. 403 is an object that was uploaded without `public-read`. */
export function publicReader(bucketUrl: string): ReadLive {
  return async (key) => {
    const path = key.split("/").map(encodeURIComponent).join("/");
    try {
      const found = await readPublicObject(`${bucketUrl}/${path}`, { timeoutMs: 20_000 });
      if (!found) return { state: "missing" };
      return { state: "present", bytes: found.bytes, modified: found.lastModified };
    } catch (error) {
      if (isCloudError(error, "AccessDenied")) return { state: "forbidden" };
      throw error;
    }
  };
}

/** Reads the manifest, all names in it, and the given ones. */
export async function readLiveBucket(read: ReadLive, names: readonly string[]): Promise<LiveBucket> {
  const manifest = await readManifest(read);
  const published = manifest.state === "present" ? manifest.manifest.files.map(({ name }) => name) : [];
  return { manifest, objects: await readObjects(read, [...published, ...names]) };
}

export async function readManifest(read: ReadLive): Promise<LiveManifest> {
  return toManifest(await read("manifest.json"));
}

export async function readObjects(read: ReadLive, names: readonly string[]): Promise<Map<string, LiveObject>> {
  const objects = new Map<string, LiveObject>();
  const waiting = [...new Set(names)].sort();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) objects.set(name, await read(name));
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, work));
  return objects;
}

function toManifest(object: LiveObject): LiveManifest {
  if (object.state !== "present") return object;
  try {
    return { state: "present", manifest: parseManifest(object.bytes), modified: object.modified };
  } catch (error) {
    return { state: "unreadable", reason: messageOf(error) };
  }
}
