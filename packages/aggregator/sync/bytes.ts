import type { PlanetConfig } from "@planet/content";
import { readPlanetIni, sha256Of } from "@planet/content";
import type { SyncContext } from "./context.ts";
import type { Decision } from "./decide.ts";
import type { ContentFile, LoadedContent } from "./localContent.ts";
import { ContentUnreadableError } from "./manifestSource.ts";

/** The manifest's files by hash: from the content in effect, from what was read just now, or from their immutable copies. */
export async function readBase(
  files: ReadonlyMap<string, ContentFile>,
  active: LoadedContent | undefined,
  { bucket, store }: SyncContext,
): Promise<Map<string, Uint8Array>> {
  const here = bytesByHash(active);
  const read = async (name: string, sha256: string): Promise<readonly [string, Uint8Array]> => {
    const known = here.get(sha256) ?? (await store.get(sha256));
    if (known) return [name, known];
    const answer = await bucket.read(`objects/${sha256}`);
    if (answer.state !== "ok") {
      const reason = answer.state === "unchanged" ? "http 304" : answer.reason;
      throw new ContentUnreadableError(`objects/${sha256.slice(0, 8)}… (${name}): ${reason}`);
    }
    if (answer.sha256 !== sha256)
      throw new ContentUnreadableError(`objects/${sha256.slice(0, 8)}… (${name}): other bytes`);
    await store.put(sha256, answer.bytes);
    return [name, answer.bytes];
  };
  return new Map(await Promise.all([...files].map(([name, { sha256 }]) => read(name, sha256))));
}

/** Bytes, by hash, of every edit that may come into effect. */
export async function overlayBytes(
  { kept, candidates, rejectedBefore }: Decision,
  active: LoadedContent | undefined,
  { store }: SyncContext,
): Promise<Map<string, Uint8Array>> {
  const bytes = bytesByHash(active);
  for (const { sha256 } of [...kept, ...candidates, ...rejectedBefore]) {
    const stored = bytes.get(sha256) ?? (await store.get(sha256));
    if (stored) bytes.set(sha256, stored);
  }
  return bytes;
}

function bytesByHash(content: LoadedContent | undefined): Map<string, Uint8Array> {
  return new Map([...(content?.bytes.values() ?? [])].map((bytes) => [sha256Of(bytes), bytes]));
}

/** The planet.ini among these files, read; undefined when it cannot be used. */
export function configOf(files: ReadonlyMap<string, Uint8Array>): PlanetConfig | undefined {
  const bytes = files.get("planet.ini");
  return bytes && readPlanetIni(bytes).config;
}
