import { internalError, invalidArgument } from "./errors.ts";

/** The default of one page (Corymbia/eucalyptus `ObjectStorageGateway.java`). */
const PAGE = 1000;

export interface Page<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** Last key or common prefix of the page. */
  readonly last: string | undefined;
}

/** One page of sorted entries after `after`; a common prefix counts as one entry. */
export function pageOf<T>(
  sorted: readonly { readonly key: string; readonly value: T }[],
  { prefix, delimiter, after, limit }: { prefix: string; delimiter: string; after: string; limit: number },
): Page<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  for (const { key, value } of sorted) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    const shown = common ?? key;
    if (shown <= after || (common !== undefined && commonPrefixes.at(-1) === common)) continue;
    if (entries.length + commonPrefixes.length >= limit) return { entries, commonPrefixes, isTruncated: true, last };
    last = shown;
    if (common === undefined) entries.push(value);
    else commonPrefixes.push(common);
  }
  return { entries, commonPrefixes, isTruncated: false, last };
}

/**
 * Not capped: observed on Eucalyptus 5.1.0, 2026-11-28.
 * @throws {S3Error} `InvalidArgument` when it is not a number, `InternalError` when it is negative.
 */
export function limitOf(text: string | undefined): number {
  if (text === undefined) return PAGE;
  if (!/^-?\d{1,9}$/.test(text)) throw invalidArgument("MaxKeys");
  if (text.startsWith("-")) throw internalError();
  return Number(text);
}

/** In the order of code units, as S3 sorts. */
export function byKey<T>(entries: Iterable<readonly [string, T]>): { readonly key: string; readonly value: T }[] {
  return [...entries]
    .map(([key, value]) => ({ key, value }))
    .toSorted((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
}
