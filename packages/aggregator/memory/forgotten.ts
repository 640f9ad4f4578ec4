import { sha256Of } from "@planet/content";
import { isRecord } from "@planet/content/json";
import { entryKeys, feedKey } from "../archive/keys.ts";

const HASHES_LIMIT = 100_000;

/** Hashes of what is to be forgotten, by archive/keys.ts. */
export type Forgotten = ReadonlySet<string>;

/** Undefined when it is not a whole list: what was known before stays in effect. */
export function readForgotten(text: string): Forgotten | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value.schema !== 1 || !Array.isArray(value.hashes)) return undefined;
    const hashes: unknown[] = value.hashes;
    const isWhole = hashes.every((hash) => typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash));
    return isWhole && hashes.length <= HASHES_LIMIT ? new Set(hashes as string[]) : undefined;
  } catch {
    return undefined; // cut
  }
}

export const writeForgotten = (forgotten: Forgotten): string =>
  `${JSON.stringify({ schema: 1, hashes: [...forgotten].sort() })}\n`;

/** Equal for equal lists: by it a command sees in status.json which one a server goes by. */
export const forgottenDigest = (forgotten: Forgotten): string => sha256Of([...forgotten].sort().join()).slice(0, 16);

export const isFeedForgotten = (forgotten: Forgotten, url: string): boolean =>
  forgotten.size > 0 && forgotten.has(feedKey(url));

/** @param published the id that our feeds give it. */
export function isEntryForgotten(
  forgotten: Forgotten,
  published: string,
  { id, link = "" }: { readonly id?: string | undefined; readonly link?: string | undefined },
): boolean {
  if (forgotten.size === 0) return false;
  const keys = [...entryKeys({ id: published, link }), ...(id === undefined ? [] : entryKeys({ id, link: "" }))];
  return keys.some((key) => forgotten.has(key));
}
