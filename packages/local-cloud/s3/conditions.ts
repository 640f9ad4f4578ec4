import { parseDate } from "../wire/clock.ts";
import { exactHeaderOf, type RequestHead } from "../wire/target.ts";
import { dateUnparsable, invalidRange, preconditionFailed } from "./errors.ts";
import type { ObjectVersion } from "./types.ts";

/**
 * Conditions of a GET, honoured only under their canonical names: undici and the AWS SDK send lower case and get 200.
 * One ETag; `*`, lists and weak ones never match. Source: Corymbia/eucalyptus `ObjectStorageGateway.java`.
 * @returns whether the caller has it already (304). @throws {S3Error} 412
 */
export function isUnchanged(head: RequestHead, { etag, modified }: ObjectVersion): boolean {
  const seconds = Math.floor(Date.parse(modified) / 1000);
  const unmodifiedSince = secondsOf(exactHeaderOf(head, "If-Unmodified-Since"));
  const modifiedSince = secondsOf(exactHeaderOf(head, "If-Modified-Since"));
  const match = exactHeaderOf(head, "If-Match");
  if (match !== undefined && unquoted(match) !== etag) throw preconditionFailed("If-Match");
  if (unmodifiedSince !== undefined && seconds > unmodifiedSince) throw preconditionFailed("If-Unmodified-Since");

  const noneMatch = exactHeaderOf(head, "If-None-Match");
  const isOlder = modifiedSince !== undefined && seconds <= modifiedSince;
  if (noneMatch === undefined) return isOlder;
  return unquoted(noneMatch) === etag && (modifiedSince === undefined || isOlder);
}

const unquoted = (etag: string): string => etag.trim().replace(/^"+|"+$/g, "");

/** @throws {S3Error} 400 on what is no date */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const date = parseDate(text);
  if (!date) throw dateUnparsable(text);
  return Math.floor(date.getTime() / 1000);
}

export interface Part {
  readonly start: number;
  readonly length: number;
  /** With this cloud's oddities; absent when the whole object is sent. */
  readonly contentRange?: string;
}

/**
 * The answer to a range is 200, and its `Content-Range` has neither unit nor full size.
 * Source: Corymbia/eucalyptus `ObjectStorageGETOutboundHandler.java`. @throws {S3Error} 416
 */
export function partOf(head: RequestHead, size: number): Part {
  const whole = { start: 0, length: size };
  const range = exactHeaderOf(head, "Range") ?? "";
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return whole;
  if (from === "") return lastBytes(range, Number(to), size);
  const start = Number(from);
  if (to !== "" && Number(to) < start) return whole;
  if (size === 0 && start === 0 && to !== "") return whole;
  if (start >= size) throw invalidRange(range);
  return part(start, to === "" ? size - 1 : Math.min(Number(to), size - 1));
}

function lastBytes(range: string, count: number, size: number): Part {
  if (count === 0) throw invalidRange(range);
  return size === 0 ? { start: 0, length: 0 } : part(Math.max(0, size - count), size - 1);
}

function part(start: number, end: number): Part {
  const length = end - start + 1;
  return { start, length, contentRange: `${start}-${end}/${length}` };
}
