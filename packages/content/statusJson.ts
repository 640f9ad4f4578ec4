import { isRecord } from "./text/json.ts";

/**
 * `/status.json`: the public state of a server, and its readiness probe. The engine writes it, everything else reads it
 * here. docs/status-json.md promises this shape to other programs.
 */
export interface StatusJson {
  /** Version of this shape. */
  readonly schema: 1;
  /** The planet's name; empty when planet.ini cannot be read. */
  readonly planet: string;
  /** Name of the stack that made the server. */
  readonly stack: string;
  /** The program on the server. */
  readonly engine: {
    /** Its version. */
    readonly version: string;
    /** SHA-256 of its file. */
    readonly sha256: string;
    /** The Node that runs it, `v20.19.2`. */
    readonly node: string;
  };
  /** The server's release: 8 hex digits. */
  readonly release: string;
  /** The content release that the page is made from. */
  readonly content: {
    /** Content digest, 64 hex digits; of what was published, without live edits. */
    readonly digest: string;
    /** First digits of the digest, with `+edit.<n>` when live edits are in it. */
    readonly id: string;
    /** When this server took it. */
    readonly applied_at: string;
    /** `manifest`: as it was published; `edit`: with live edits; `pinned`: the one in the user-data (`planet:rollout: replace`). */
    readonly source: string;
  };
  /** The machine. */
  readonly boot: {
    /** Its instance id; empty when the metadata service did not say. */
    readonly instance_id: string;
  };
  /** `rejected`: an edit was not taken; `degraded`: something works only in part; `ok`. The first that is true. */
  readonly state: "ok" | "degraded" | "rejected";
  /** When this file was written. */
  readonly generated_at: string;
  /** When the next one is due. The difference is the interval. */
  readonly next_sync: string;
  /** Live edits: differences from what was published. */
  readonly drift: readonly {
    /** File. */
    readonly name: string;
    /** SHA-256 of the published bytes; `null` when no deploy has published the file. */
    readonly manifest_sha: string | null;
    /** SHA-256 of the edit. */
    readonly live_sha: string;
    /** The object's ETag, when the storage gave one. */
    readonly etag: string | null;
    /** When the server saw it first. */
    readonly since: string;
    /** Whether the page shows it. False on a pinned server. */
    readonly applied: boolean;
  }[];
  /** Files whose edits are still settling. */
  readonly waiting: readonly string[];
  /** Edits that were not taken. The file before stays in effect. */
  readonly rejected: readonly {
    /** File; `manifest.json` when what a deploy has published cannot be used. */
    readonly name: string;
    /** SHA-256 of the edit. */
    readonly live_sha: string;
    /** When. */
    readonly at: string;
    /** Line of planet.ini. */
    readonly line?: number;
    /** Why, for machines. */
    readonly code: string;
    /** Why, for people. */
    readonly message: string;
  }[];
  /** What works only in part. */
  readonly degraded: readonly {
    /** File or step of the boot; empty for the whole server. */
    readonly name: string;
    /** What, for machines. */
    readonly code: string;
    /** What, for people. */
    readonly message: string;
  }[];
  /** Sums over the feeds. All 0 while the page cannot be made. */
  readonly counts: {
    /** All of them, reading lists included. */
    readonly feeds: number;
    /** Those in state `ok`, `unchanged` or `moved`. */
    readonly ok: number;
    /** Those in state `failing`. */
    readonly failing: number;
    /** Those in state `gone`. */
    readonly gone: number;
    /** Those in state `never`. */
    readonly never: number;
    /** Entries on the page. */
    readonly entries: number;
  };
  /** Each feed: next table. Reading lists come first, then the order of planet.ini. Empty while the page cannot be made. */
  readonly feeds: readonly StatusFeed[];
  /** Warnings of planet.ini and of the build, for people; at most 100. */
  readonly warnings: readonly string[];
  /** What is kept in the bucket for the next server. */
  readonly memory: {
    /** `on`; `off`: `planet:memory` says so; `degraded`: it works only in part. */
    readonly state: "on" | "off" | "degraded";
    /** Since when it works only in part. */
    readonly since?: string;
    /** What does not work, for people. */
    readonly message?: string;
    /** Feeds whose record is in the bucket. */
    readonly feeds: number;
    /** Months of the archive that are in the bucket. */
    readonly months: number;
    /** Digest of the forgotten.json that is in effect. */
    readonly forgotten: string;
  };
  /** HTTPS. Absent on a server without a host name. */
  readonly certificate?: {
    /** `on`: in effect; `degraded`: in effect, and something does not work; `none`: pages are answered by plain HTTP. */
    readonly state: "on" | "degraded" | "none";
    /** Names of the host, the canonical one first. */
    readonly names: readonly string[];
    /** What does not work, for people. */
    readonly message?: string;
    /** Who has issued the certificate in effect. */
    readonly issuer?: string;
    /** It is valid from then on. */
    readonly not_before?: string;
    /** And until then. */
    readonly not_after?: string;
    /** SHA-256 of the certificate itself, 64 hex digits. */
    readonly fingerprint?: string;
    /** `acme`: ordered by a server; `import`: by `planet certificate import`. */
    readonly source?: string;
    /** When it was put into the bucket. */
    readonly placed_at?: string;
    /** What became of the planet's last order. */
    readonly last_order?: {
      /** When. */
      readonly time: string;
      /** Instance id of the server that ordered. */
      readonly by: string;
      /** `ordering`, `issued` or `failed`. */
      readonly result: string;
      /** Why it failed, for people. */
      readonly message?: string;
      /** No further order before that. */
      readonly not_before: string;
    };
  };
}

export type FeedState = "ok" | "unchanged" | "moved" | "failing" | "gone" | "never";

export interface StatusFeed {
  /** As in planet.ini, without a password. */
  readonly url: string;
  /** As in planet.ini. */
  readonly name: string;
  /**
   * `ok`: read; `unchanged`: asked now, nothing new; `moved`: read at its new address; `failing`; `gone`: its server says so (410); `never`: not
   * asked yet.
   */
  readonly state: FeedState;
  /** Its page on the planet, `feed/jane-example-1a2b3c4d.html`. A reading list has none. */
  readonly page?: string;
  /** Status of the last answer. */
  readonly http?: number;
  /** Code and sentence, `timeout: example.org did not answer in time`. */
  readonly reason?: string;
  /** Last success. */
  readonly last_ok?: string | undefined;
  /** Last attempt. */
  readonly last_try?: string | undefined;
  /** Not asked before that. */
  readonly next_try?: string | undefined;
  /** In a row. */
  readonly failures: number;
  /** First failure of that row, as far as this server knows. */
  readonly failing_since?: string | undefined;
  /** Whether it has been failing for longer than `report_after` of planet.ini. Then it is in feeds-status.xml, too. */
  readonly needs_attention: boolean;
  /** The address that a permanent redirect leads to. */
  readonly moved_to?: string | undefined;
  /** Entries that are kept of it. */
  readonly entries: number;
  /** Date of its newest entry. */
  readonly newest?: string;
  /** Whether its XML was broken and had to be repaired. */
  readonly repaired: boolean;
  /** Encoding that it was read in. */
  readonly encoding?: string;
  /** Milliseconds of the last fetch. */
  readonly ms: number;
  /** Size of the last document. */
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
  /** "" before there was one. */
  readonly memory: string;
  /** Of the forgotten.json that the server goes by. */
  readonly forgotten: string;
  /** Absent without a host. */
  readonly certificate?: ServedCertificate;
}

/** Texts are "" where the server does not say. */
export interface ServedCertificate {
  readonly isInEffect: boolean;
  /** What does not work. */
  readonly message: string;
  readonly names: readonly string[];
  readonly issuer: string;
  /** NaN without a certificate. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly fingerprint: string;
  readonly source: string;
  readonly lastOrder?: { readonly time: string; readonly result: string; readonly message: string };
}

export interface ServedFeed {
  readonly url: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string;
  readonly failures: number;
  /** That are kept of it. */
  readonly entries: number;
  readonly needsAttention: boolean;
  /** "" when it does not fail. */
  readonly failingSince: string;
  /** "" when it never was. */
  readonly lastOk: string;
  /** "" unless the feed says that it lives elsewhere. */
  readonly movedTo: string;
}

/** A page is stale after this many intervals without a new one: one or two may be slow feeds. */
const STALE_INTERVALS = 3;
/** A younger page is never stale, however short the interval: a single run may take as long. */
const FRESH_MS = 120_000;

/** Whether the page is no longer being rebuilt. @param at By the server's own clock. */
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
    memory: text(record(value.memory).state),
    forgotten: text(record(value.memory).forgotten),
    ...(isRecord(value.certificate) && { certificate: toCertificate(value.certificate) }),
  };
}

function toCertificate(value: Record<string, unknown>): ServedCertificate {
  const { state, names, message, issuer, not_before, not_after, fingerprint, source, last_order } = value;
  const { time, result, message: why } = record(last_order);
  return {
    isInEffect: state === "on" || state === "degraded",
    message: text(message),
    names: list(names).map(text),
    issuer: text(issuer),
    notBeforeMs: Date.parse(text(not_before)),
    notAfterMs: Date.parse(text(not_after)),
    fingerprint: text(fingerprint),
    source: text(source),
    ...(isRecord(last_order) && { lastOrder: { time: text(time), result: text(result), message: text(why) } }),
  };
}

function toFeed(feed: Record<string, unknown>): ServedFeed {
  const { url, name, state, reason, failures, entries, failing_since, needs_attention, last_ok, moved_to } = feed;
  return {
    url: text(url),
    name: text(name),
    state: text(state),
    reason: text(reason),
    failures: number(failures),
    entries: number(entries),
    needsAttention: needs_attention === true,
    failingSince: text(failing_since),
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

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const records = (value: unknown): Record<string, unknown>[] => list(value).map(record);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
