import { type LiveManifest, type LiveObject, type ReadLive, readManifest, readObjects } from "@planet/content/live";

/** What is published and live. Maps are by file name. */
export interface Published {
  readonly manifest: LiveManifest;
  readonly live: ReadonlyMap<string, LiveObject>;
  /** The published bytes of files to be left alone. */
  readonly kept: ReadonlyMap<string, LiveObject>;
  /** Edits that an earlier deploy has overwritten on request, as it has kept them. */
  readonly overwritten: ReadonlyMap<string, LiveObject>;
}

/** What the settings say of edits in the bucket. */
export interface EditSettings {
  /** File name to the first 8 digits of the hash of an edit that may be overwritten. */
  readonly overwrite: Readonly<Record<string, string>>;
  /** Files whose published bytes are needed, because they stay what they are. */
  readonly leave: readonly string[];
}

/**
 * Reads what this deploy has to know before it may touch anything.
 * @param names Files of the repository; those of the published manifest are read too.
 */
export async function readPublished(
  read: ReadLive,
  names: readonly string[],
  { overwrite, leave }: EditSettings,
): Promise<Published> {
  const manifest = await readManifest(read);
  const entries = manifest.state === "present" ? manifest.manifest.files : [];
  const live = await readObjects(read, [...names, ...leave, ...entries.map(({ name }) => name)]);
  const left = entries.filter(({ name }) => leave.includes(name));
  const kept = await readHashes(new Map(left.map(({ name, sha256 }) => [name, sha256])), read);
  const done = entries.flatMap(({ name, replaces }): [string, string][] => {
    const digits = Object.hasOwn(overwrite, name) ? overwrite[name] : undefined;
    const hash = digits === undefined ? undefined : replaces.find((before) => before.startsWith(digits));
    return hash === undefined ? [] : [[name, hash]];
  });
  return { manifest, live, kept, overwritten: await readHashes(new Map(done), read) };
}

function readHashes(hashes: ReadonlyMap<string, string>, read: ReadLive): Promise<Map<string, LiveObject>> {
  return readObjects((name) => read(`objects/${hashes.get(name)}`), [...hashes.keys()]);
}
