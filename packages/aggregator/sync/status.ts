import { readPlanetIni, type StatusFeed, type StatusJson } from "@planet/content";
import type { SiteReport } from "../build/buildSite.ts";
import { withoutPasswords } from "../text/withoutPasswords.ts";
import type { Content } from "./context.ts";
import type { Notice } from "./decide.ts";
import { linkWarning } from "./hostLink.ts";
import type { SyncSettings } from "./settings.ts";
import type { RejectedRecord } from "./state.ts";

/** Everything that status.json is made of. */
export interface StatusFacts {
  readonly settings: Pick<SyncSettings, "stack" | "bundle" | "release" | "instanceId" | "intervalSeconds" | "host">;
  readonly content: Content;
  readonly rejected: Readonly<Record<string, RejectedRecord>>;
  readonly degraded: readonly Notice[];
  /** Absent when the page could not be made and the earlier one is still served. */
  readonly report: SiteReport | undefined;
  readonly memory: StatusJson["memory"];
  /** Absent on a server without a host name. */
  readonly certificate?: StatusJson["certificate"];
  readonly nodeVersion: string;
  readonly now: Date;
}

/** As in the project's package.json. Not imported: the bundle, and so the server, would change with every tool there. */
const ENGINE_VERSION = "0.1.0";
const LIST_LIMIT = 100;

/**
 * The public state of a server, and its readiness check: it is ready when this answers with the wanted `release` and a
 * page that is not stale (`isStale` of @planet/content). It holds no user-data, and errors are codes with our own sentences.
 */
export function statusOf({
  settings,
  content,
  rejected,
  degraded,
  report,
  memory,
  certificate,
  nodeVersion,
  now,
}: StatusFacts): StatusJson {
  const ini = readPlanetIni(content.bytes.get("planet.ini") ?? new Uint8Array());
  return {
    schema: 1,
    planet: ini.config?.name ?? "",
    stack: settings.stack,
    engine: { version: ENGINE_VERSION, sha256: settings.bundle, node: nodeVersion },
    release: settings.release,
    content: {
      digest: content.digest,
      id: content.id,
      applied_at: content.appliedAt,
      source: content.source,
    },
    boot: { instance_id: settings.instanceId },
    state: Object.keys(rejected).length > 0 ? "rejected" : degraded.length > 0 ? "degraded" : "ok",
    generated_at: now.toISOString(),
    next_sync: new Date(now.getTime() + settings.intervalSeconds * 1_000).toISOString(),
    drift: content.drift.map(({ name, manifestSha, liveSha, etag, since, applied }) => ({
      name,
      manifest_sha: manifestSha ?? null,
      live_sha: liveSha,
      etag: etag ?? null,
      since,
      applied,
    })),
    waiting: content.waiting,
    rejected: rejectedList(rejected),
    degraded,
    counts: countsOf(report),
    feeds: (report?.feeds ?? []).map(feedOf),
    warnings: warningsOf(ini, content, { report, host: settings.host }),
    memory: { ...memory, ...(memory.message !== undefined && { message: withoutPasswords(memory.message) }) },
    ...(certificate && { certificate }),
  };
}

function rejectedList(rejected: StatusFacts["rejected"]): StatusJson["rejected"] {
  return Object.entries(rejected).map(([name, { sha256, at, line, code, message }]) => ({
    name,
    live_sha: sha256,
    at,
    ...(line === undefined ? {} : { line }),
    code,
    message: withoutPasswords(message),
  }));
}

function countsOf(report: SiteReport | undefined): StatusJson["counts"] {
  const feeds = report?.feeds ?? [];
  const inState = (...states: string[]) => feeds.filter(({ state }) => states.includes(state)).length;
  return {
    feeds: feeds.length,
    ok: inState("ok", "unchanged", "moved"),
    failing: inState("failing"),
    gone: inState("gone"),
    never: inState("never"),
    entries: report?.entries ?? 0,
  };
}

function feedOf({
  lastOk,
  lastTry,
  nextTry,
  failingSince,
  needsAttention,
  movedTo,
  ...feed
}: SiteReport["feeds"][number]): StatusFeed {
  return {
    ...feed,
    last_ok: lastOk,
    last_try: lastTry,
    next_try: nextTry,
    failing_since: failingSince,
    needs_attention: needsAttention,
    moved_to: movedTo,
  };
}

function warningsOf(
  { config, problems }: ReturnType<typeof readPlanetIni>,
  content: Content,
  { report, host }: { readonly report: SiteReport | undefined; readonly host: readonly string[] },
): string[] {
  const lines = [
    ...[linkWarning(config?.link ?? "", host)].filter((line) => line !== undefined),
    ...content.notices.map(({ name, code, message }) => `${name}: ${code}: ${message}`),
    ...problems.map(({ line, level, text }) => `planet.ini:${line}: ${level}: ${text}`),
    ...(report?.warnings ?? []),
  ];
  return lines.slice(0, LIST_LIMIT).map(withoutPasswords);
}
