import { isStale } from "@planet/content";
import type { Served } from "../../page/readServed.ts";

/** What readers are to get. */
export interface Wanted {
  readonly url: string;
  readonly release: string;
  readonly contentDigest: string;
}

export type Seen =
  /** `since`: when the server made that page, by its own clock. */
  | { readonly kind: "seen"; readonly since: Date }
  /** The server refuses what was published; the page before it stays. */
  | { readonly kind: "rejected"; readonly why: string }
  /** It was not there in time; the last answer in words. */
  | { readonly kind: "late"; readonly last: string };

export interface WaitEdges {
  readonly page: (url: string) => Promise<Served>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}

const PAUSE_MS = 1_000;
/** While nobody has said how long the server's interval is. */
const UNKNOWN_INTERVAL_MS = 30_000;

/** Asks the planet as readers do until it shows a release and a content release. A page that would be stale is late. */
export async function waitForReaders(wanted: Wanted, { page, sleep, now }: WaitEdges): Promise<Seen> {
  const begin = now();
  let intervalMs = UNKNOWN_INTERVAL_MS;
  while (true) {
    const served = await page(wanted.url);
    const seen = judge(served, wanted);
    if (seen.kind !== "late") return seen;
    if (served.kind === "planet") intervalMs = served.status.intervalMs;
    if (isStale({ generatedMs: begin, intervalMs }, new Date(now()))) return seen;
    await sleep(PAUSE_MS);
  }
}

function judge(served: Served, { url, release, contentDigest }: Wanted): Seen {
  if (served.kind === "silent") return { kind: "late", last: `${url} does not answer: ${served.reason}` };
  if (served.kind === "other") return { kind: "late", last: `${url} answers with status ${served.http}` };
  const { status } = served;
  if (status.release !== release) return { kind: "late", last: `${url} is served by release ${status.release}` };
  if (status.contentDigest === contentDigest) return { kind: "seen", since: new Date(status.generatedMs) };
  const rejected = status.rejected.find(({ name }) => name === "manifest.json");
  if (rejected) return { kind: "rejected", why: rejected.message };
  return { kind: "late", last: `${url} shows content release ${status.contentDigest.slice(0, 8)}` };
}
