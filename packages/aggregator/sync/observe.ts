import { inParallel } from "../inParallel.ts";
import type { Bucket, BucketAnswer } from "./bucket.ts";
import type { LiveRecord, SyncState } from "./state.ts";
import type { ContentStore } from "./store.ts";

/** How long after the last whole read a 304 is believed. */
const TRUST_MS = 24 * 3_600_000;
const READS_AT_A_TIME = 8;

/** One live object, as this sync found it. */
export interface Observation {
  /** Absent when the object is missing or cannot be read; `problem` says why. */
  readonly sha256?: string;
  readonly etag?: string;
  readonly modified?: Date;
  readonly firstSeen: string;
  /** True when nobody has uploaded it again for the settling time. */
  readonly settled: boolean;
  readonly problem?: { readonly code: "missing" | "forbidden" | "failed"; readonly reason: string };
}

export interface Observer {
  readonly bucket: Bucket;
  readonly store: ContentStore;
  readonly state: SyncState;
  readonly settleSeconds: number;
  readonly now: Date;
  /** Earlier deploys' hashes by name: such bytes are judged by their time, which a 304 does not give. */
  readonly replaced?: ReadonlyMap<string, readonly string[]>;
}

/** Reads the live objects of these names, conditionally, and remembers what was seen in `state.live`. */
export async function observeAll(names: Iterable<string>, observer: Observer): Promise<Map<string, Observation>> {
  const seen = new Map<string, Observation>();
  await inParallel([...names], READS_AT_A_TIME, async (name) => {
    seen.set(name, await observe(name, observer));
  });
  return seen;
}

async function observe(name: string, observer: Observer): Promise<Observation> {
  const { bucket, state, store, now } = observer;
  const before = state.live[name];
  const conditional = before && (await isUsable(name, before, observer));
  const answer = await bucket.read(name, conditional ? validatorsOf(before) : {});
  if (answer.state === "unchanged" && before) return observation(before, answer.date, observer);
  if (answer.state !== "ok") return unreadable(answer, now);
  const record = recordOf(answer, before, now);
  state.live[name] = record;
  await store.put(record.sha256, answer.bytes);
  return observation(record, answer.date, observer);
}

/** Without the bytes a 304 would be worthless: they may be needed for the next content. */
async function isUsable(name: string, record: LiveRecord, { store, now, replaced }: Observer): Promise<boolean> {
  if (replaced?.get(name)?.includes(record.sha256)) return false;
  const fresh = now.getTime() - Date.parse(record.readAt) < TRUST_MS;
  return fresh && (await store.get(record.sha256)) !== undefined;
}

export function validatorsOf({ etag, modified }: LiveRecord) {
  return { etag, modified: modified === undefined ? undefined : new Date(modified).toUTCString() };
}

export function recordOf(
  answer: Extract<BucketAnswer, { state: "ok" }>,
  before: LiveRecord | undefined,
  now: Date,
): LiveRecord {
  const same = before?.sha256 === answer.sha256;
  return {
    sha256: answer.sha256,
    ...(answer.etag === undefined ? {} : { etag: answer.etag }),
    ...(answer.modified === undefined ? {} : { modified: answer.modified.toISOString() }),
    firstSeen: same ? before.firstSeen : now.toISOString(),
    readAt: now.toISOString(),
  };
}

function unreadable(answer: BucketAnswer, now: Date): Observation {
  const problem =
    answer.state === "missing" || answer.state === "forbidden" || answer.state === "failed"
      ? { code: answer.state, reason: answer.reason }
      : { code: "failed" as const, reason: "http 304 without a condition" };
  return { firstSeen: now.toISOString(), settled: false, problem };
}

/**
 * Settled: the same bytes on two reads that far apart, or old enough by the storage's own clock. An upload of css and
 * png takes an operator some seconds, and both are to be taken together.
 */
function observation(record: LiveRecord, storageNow: Date | undefined, observer: Observer): Observation {
  const modified = record.modified === undefined ? undefined : new Date(record.modified);
  const settleMs = observer.settleSeconds * 1_000;
  const seenFor = observer.now.getTime() - Date.parse(record.firstSeen);
  const age = modified && storageNow ? storageNow.getTime() - modified.getTime() : 0;
  return {
    sha256: record.sha256,
    ...(record.etag === undefined ? {} : { etag: record.etag }),
    ...(modified === undefined ? {} : { modified }),
    firstSeen: record.firstSeen,
    settled: seenFor >= settleMs || age >= settleMs,
  };
}
