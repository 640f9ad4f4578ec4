import { internalError, invalidArgument, type S3Error } from "./errors.ts";
import { sortedKeys } from "./store.ts";
import type { Bucket, ObjectVersion } from "./types.ts";

/** The default of one page (Corymbia/eucalyptus `ObjectStorageGateway.java`). */
const PAGE = 1000;

export interface Page<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** Last key or common prefix of the page. */
  readonly last: string | undefined;
}

/** One page of a bucket's keys after `after`; a common prefix counts as one entry. A key without an entry is passed over. */
export function pageOf<T>(
  bucket: Pick<Bucket, "objects">,
  entryOf: (key: string, versions: readonly ObjectVersion[]) => T | undefined,
  { prefix, delimiter, after, limit }: { prefix: string; delimiter: string; after: string; limit: number },
): Page<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  const keys = sortedKeys(bucket);
  for (let index = firstFrom(keys, after > prefix ? after : prefix); index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    if (!key.startsWith(prefix)) break;
    const entry = entryOf(key, bucket.objects.get(key) ?? []);
    if (entry === undefined) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    const shown = common ?? key;
    if (shown <= after || (common !== undefined && commonPrefixes.at(-1) === common)) continue;
    if (entries.length + commonPrefixes.length >= limit) return { entries, commonPrefixes, isTruncated: true, last };
    last = shown;
    if (common === undefined) entries.push(entry);
    else commonPrefixes.push(common);
  }
  return { entries, commonPrefixes, isTruncated: false, last };
}

/** Index of the first key that is not before `text`. */
function firstFrom(keys: readonly string[], text: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Not capped: observed on Eucalyptus 5.1.0, 2026-11-28.
 * @throws {S3Error} `InvalidArgument` when it is not a number, `InternalError` when it is negative.
 */
export function limitOf(text: string | undefined): number {
  const limit = limitIn(text, () => invalidArgument("MaxKeys"));
  if (limit < 0) throw internalError();
  return limit;
}

/** Of the listings beside that of objects: 0 to 1000. @throws what `refusal` makes */
export function cappedLimit(text: string | undefined, refusal: () => S3Error): number {
  const limit = limitIn(text, refusal);
  if (limit < 0 || limit > PAGE) throw refusal();
  return limit;
}

function limitIn(text: string | undefined, refusal: () => S3Error): number {
  if (text === undefined || text === "") return PAGE;
  const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= -(2 ** 31) && number < 2 ** 31)) throw refusal();
  return number;
}
