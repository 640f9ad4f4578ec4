import { sha256Of } from "@planet/content";
import { type ReadLive, readObjects } from "@planet/content/live";
import { basesNeeded, type PullFacts } from "./planPull.ts";

/**
 * The versions that edits may have been made from, by hash. A deploy that came to its end has removed the immutable
 * copies of what it replaced; the repository's history still has them.
 */
export async function readBases(
  facts: Omit<PullFacts, "bases">,
  read: ReadLive,
  committed: (name: string) => Promise<readonly Uint8Array[]>,
): Promise<Map<string, Uint8Array>> {
  const needed = basesNeeded(facts);
  const wanted = new Set(needed.flatMap(({ hashes }) => hashes));
  const bases = new Map<string, Uint8Array>();
  const keep = (bytes: Uint8Array) => {
    const hash = sha256Of(bytes);
    if (wanted.has(hash)) bases.set(hash, bytes);
  };
  for (const bytes of facts.site.values()) keep(bytes);
  const keys = [...wanted].filter((hash) => !bases.has(hash)).map((hash) => `objects/${hash}`);
  for (const object of (await readObjects(read, keys)).values()) if (object.state === "present") keep(object.bytes);
  for (const { name, hashes } of needed) {
    if (hashes.every((hash) => bases.has(hash))) continue;
    for (const bytes of await committed(name)) keep(bytes);
  }
  return bases;
}
