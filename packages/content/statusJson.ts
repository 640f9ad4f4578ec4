import { isRecord, record } from "../cli/preview/previewJson.ts";

/** What is read of a server's status.json; its whole shape is the aggregator's. */
export interface ServedStatus {
  readonly release: string;
  readonly instanceId: string;
  readonly contentDigest: string;
  /** First digits of the digest, with `+edit.<n>` when live edits are in it. */
  readonly contentId: string;
  readonly generatedAt: string;
  readonly nextSync: string;
  readonly entries: number;
  readonly drift: readonly { readonly name: string; readonly applied: boolean }[];
  /** Edits that are still settling. */
  readonly waiting: readonly string[];
  readonly rejected: readonly { readonly name: string; readonly line?: number; readonly message: string }[];
  readonly degraded: readonly { readonly name: string; readonly code: string; readonly message: string }[];
  readonly feeds: readonly ServedFeed[];
}

export interface ServedFeed {
  readonly url: string;
  readonly name: string;
  /** `ok`, `unchanged`, `moved`, `failing`, `gone` or `never`. */
  readonly state: string;
  readonly reason: string;
  readonly failures: number;
  /** ISO 8601, "" when it never was. */
  readonly lastOk: string;
  /** "" unless the feed says that it lives elsewhere. */
  readonly movedTo: string;
}

/** Undefined when it is no status.json of a planet. */
export function parseServedStatus(body: string): ServedStatus | undefined {
  const value = parse(body);
  if (!isRecord(value) || typeof value.release !== "string") return undefined;
  const content = record(value.content);
  return {
    release: value.release,
    instanceId: text(record(value.boot).instance_id),
    contentDigest: text(content.digest),
    contentId: text(content.id),
    generatedAt: text(value.generated_at),
    nextSync: text(value.next_sync),
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

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const records = (value: unknown): Record<string, unknown>[] => list(value).map(record);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
