/**
 * `/status.json`: the public state of a server, and its readiness probe. The engine writes it, everything else reads it
 * here. docs/status-json.md promises this shape to strangers.
 */
export interface StatusJson {
  readonly schema: 1;
  /** The planet's name. */
  readonly planet: string;
  readonly stack: string;
  readonly engine: { readonly version: string; readonly sha256: string; readonly node: string };
  /** The server's: 8 hex digits. */
  readonly release: string;
  readonly content: {
    readonly digest: string;
    /** First digits of the digest, with `+edit.<n>` when live edits are in it. */
    readonly id: string;
    readonly applied_at: string;
    readonly source: string;
  };
  readonly boot: { readonly instance_id: string };
  readonly state: "ok" | "degraded" | "rejected";
  /** ISO 8601, as all times here. */
  readonly generated_at: string;
  readonly next_sync: string;
  /** Live edits: differences from what was published. */
  readonly drift: readonly {
    readonly name: string;
    readonly manifest_sha: string | null;
    readonly live_sha: string;
    readonly etag: string | null;
    readonly since: string;
    readonly applied: boolean;
  }[];
  /** Edits that are still settling. */
  readonly waiting: readonly string[];
  readonly rejected: readonly {
    readonly name: string;
    readonly live_sha: string;
    readonly at: string;
    readonly line?: number;
    readonly code: string;
    readonly message: string;
  }[];
  readonly degraded: readonly { readonly name: string; readonly code: string; readonly message: string }[];
  readonly counts: {
    readonly feeds: number;
    readonly ok: number;
    readonly failing: number;
    readonly gone: number;
    readonly never: number;
    readonly entries: number;
  };
  readonly feeds: readonly StatusFeed[];
  readonly warnings: readonly string[];
}

export type FeedState = "ok" | "unchanged" | "moved" | "failing" | "gone" | "never";

export interface StatusFeed {
  readonly url: string;
  readonly name: string;
  readonly state: FeedState;
  readonly http?: number;
  /** Code and sentence, `timeout: example.org did not answer in time`. */
  readonly reason?: string;
  readonly last_ok?: string | undefined;
  readonly last_try?: string | undefined;
  readonly next_try?: string | undefined;
  /** In a row. */
  readonly failures: number;
  /** The address that a permanent redirect leads to. */
  readonly moved_to?: string | undefined;
  readonly entries: number;
  readonly newest?: string;
  readonly repaired: boolean;
  readonly encoding?: string;
  readonly ms: number;
  readonly bytes: number;
}

/** What is read of a server's status.json; what is absent or of another kind is empty, so that an older one reads too. */
export interface ServedStatus {
  readonly release: string;
  readonly instanceId: string;
  readonly contentDigest: string;
  readonly contentId: string;
  /** NaN when it says none. */
  readonly generatedMs: number;
  /** Until the next sync; at least a second. */
  readonly intervalMs: number;
  readonly entries: number;
  readonly drift: readonly { readonly name: string; readonly applied: boolean }[];
  readonly waiting: readonly string[];
  readonly rejected: readonly { readonly name: string; readonly line?: number; readonly message: string }[];
  readonly degraded: readonly { readonly name: string; readonly code: string; readonly message: string }[];
  readonly feeds: readonly ServedFeed[];
}

export interface ServedFeed {
  readonly url: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly failures: number;
  /** "" when it never was. */
  readonly lastOk: string;
  /** "" unless the feed says that it lives elsewhere. */
  readonly movedTo: string;
}

/** A page is stale after this many intervals without a new one: one or two may be slow feeds. */
const STALE_INTERVALS = 3;
/** A younger page never is, however short the interval: a single run may take as long. */
const FRESH_MS = 120_000;

/** Whether nobody makes the page any more. @param at By the server's own clock. */
export function isStale({ generatedMs, intervalMs }: Pick<ServedStatus, "generatedMs" | "intervalMs">, at: Date) {
  return at.getTime() - generatedMs > Math.max(FRESH_MS, STALE_INTERVALS * intervalMs);
}

/** Undefined when it is not a planet's status.json. */
export function readStatusJson(body: string): ServedStatus | undefined {
  const value = parse(body);
  if (!isRecord(value) || typeof value.release !== "string") return undefined;
  const content = record(value.content);
  const [generatedMs, nextMs] = [value.generated_at, value.next_sync].map((time) => Date.parse(text(time)));
  return {
    release: value.release,
    instanceId: text(record(value.boot).instance_id),
    contentDigest: text(content.digest),
    contentId: text(content.id),
    generatedMs: generatedMs ?? Number.NaN,
    intervalMs: Math.max(1_000, (nextMs ?? 0) - (generatedMs ?? 0)) || 1_000,
    entries: number(record(value.counts).entries),
    drift: records(value.drift).map(({ name, applied }) => ({ name: text(name), applied: applied === true })),
    waiting: list(value.waiting).map(text),
    rejected: records(value.rejected).map(({ name, line, message }) => {
      return { name: text(name), message: text(message), ...(typeof line === "number" && { line }) };
    }),
    degraded: records(value.degraded).map(({ name, code, message }) => {
      return { name: text(name), code: text(code), message: text(message) };
    }),
    feeds: records(value.feeds).map(toFeed),
  };
}

function toFeed({ url, name, state, reason, failures, last_ok, moved_to }: Record<string, unknown>): ServedFeed {
  return {
    url: text(url),
    name: text(name),
    state: text(state),
    reason: text(reason),
    failures: number(failures),
    lastOk: text(last_ok),
    movedTo: text(moved_to),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const records = (value: unknown): Record<string, unknown>[] => list(value).map(record);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
