import { isRecord } from "@planet/content/json";
import type { Bucket } from "../sync/bucket.ts";

/** Name of the lease's object below the memory's prefix. */
export const LEASE_NAME = "holder.json";

/** A run may take longer than a short interval. */
const SHORTEST_MS = 60_000;

/** How long a server that is gone keeps its lease, and how long the others go by it while the storage does not answer. */
export const leaseMs = (intervalSeconds: number): number => Math.max(SHORTEST_MS, 2 * intervalSeconds * 1_000);

/**
 * Who asks the feeds, of several servers, and orders a certificate: the others read what it stores. It is a hint and not a
 * lock: two holders cost requests, and nothing else. Times are epoch ms by the storage's clock, the only one that all share.
 */
export interface Lease {
  /** Id of its instance. */
  readonly holder: string;
  readonly release: string;
  /** When the holder first looked here: of two releases, the server that came later is the successor. */
  readonly since: number;
  readonly until: number;
}

/** What lies in the storage, and what time it is there. */
export interface LeaseReading {
  readonly lease?: Lease | undefined;
  readonly now: number;
}

/** A server that may take the lease. */
export interface Contender {
  /** Of its instance; empty when the metadata service did not say: then it asks for itself and takes no lease. */
  readonly id: string;
  readonly release: string;
  readonly intervalSeconds: number;
  /** When it first looked, by the storage's clock; absent: now. */
  readonly since?: number | undefined;
  /** It has published a page. One without would keep readers of the others waiting: it stores nothing in its first run. */
  readonly hasPage: boolean;
}

/** The lease that a server takes now; undefined while another one's is good. */
export function leaseFor(contender: Contender, { lease, now }: LeaseReading): Lease | undefined {
  const { id, release, hasPage, since = now } = contender;
  const span = leaseMs(contender.intervalSeconds);
  const isFree = lease === undefined || now >= lease.until || lease.holder === id;
  // Nobody who keeps these rules writes such a time: it would be a lease for ever.
  const isForged = lease !== undefined && lease.until > now + span;
  const isSuccessor = lease !== undefined && hasPage && lease.release !== release && since > lease.since;
  return isFree || isForged || isSuccessor ? { holder: id, release, since, until: now + span } : undefined;
}

/**
 * Whether the lease is this server's, as it lies in the storage: for whoever only wants to know, as the one that orders
 * certificates behind a balancer. False also when the storage does not say.
 * @param prefix of the memory, `memory/`
 * @param id of this server's instance
 */
export async function holdsLease(bucket: Pick<Bucket, "read">, prefix: string, id: string): Promise<boolean> {
  const reading = await readLease(bucket, prefix);
  return id !== "" && reading?.lease?.holder === id && reading.now < reading.lease.until;
}

/** Undefined when the storage does not say what lies there, or what time it is. What is no lease counts as none. */
export async function readLease(bucket: Pick<Bucket, "read">, prefix: string): Promise<LeaseReading | undefined> {
  const answer = await bucket.read(`${prefix}${LEASE_NAME}`);
  const isNone = answer.state === "missing" && answer.code === "NoSuchKey";
  if ((answer.state !== "ok" && !isNone) || answer.date === undefined) return undefined;
  return { now: answer.date.getTime(), lease: answer.state === "ok" ? parsed(answer.bytes) : undefined };
}

/** Equal leases give equal bytes, which people can read. */
export const writeLease = ({ holder, release, since, until }: Lease): Buffer =>
  Buffer.from(`${JSON.stringify({ schema: 1, holder, release, since: iso(since), until: iso(until) })}\n`);

const iso = (time: number): string => new Date(time).toISOString();

function parsed(bytes: Uint8Array): Lease | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (!isRecord(value) || value.schema !== 1) return undefined;
    const [holder = "", release = ""] = [value.holder, value.release].map(String);
    const [since = Number.NaN, until = Number.NaN] = [value.since, value.until].map((time) => Date.parse(String(time)));
    const isLease = /^[\w-]{1,64}$/.test(holder) && /^[0-9a-f]{8}$/.test(release) && !Number.isNaN(since + until);
    return isLease ? { holder, release, since, until } : undefined;
  } catch {
    return undefined; // not JSON
  }
}
