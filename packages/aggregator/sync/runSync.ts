import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { StatusJson } from "@planet/content";
import type { Memory } from "../memory/memory.ts";
import { type Bucket, openBucket } from "./bucket.ts";
import { shownCertificate } from "./certificate.ts";
import type { Content, SyncContext } from "./context.ts";
import type { Notice } from "./decide.ts";
import { feedsPage } from "./feedsPage.ts";
import { feedsStatus } from "./feedsStatus.ts";
import { followContent } from "./followContent.ts";
import { hostLink } from "./hostLink.ts";
import { removeLeftovers } from "./leftovers.ts";
import { isEdited, type LoadedContent, loadContent } from "./localContent.ts";
import { withLock } from "./lock.ts";
import { ContentUnreadableError } from "./manifestSource.ts";
import { metrics } from "./metrics.ts";
import { pinnedContent } from "./pinned.ts";
import { type Build, build, publish, writeStatus } from "./publish.ts";
import type { SyncSettings } from "./settings.ts";
import { readState, writeState } from "./state.ts";
import { statusOf } from "./status.ts";
import { type StatusStyle, statusStyle } from "./statusStyle.ts";
import { ContentStore } from "./store.ts";
import type { BuildSite } from "./trial.ts";

/** What a sync needs apart from its settings; tests pass their own clock and builder. */
export interface SyncTools {
  readonly buildSite: BuildSite;
  readonly openMemory: typeof Memory.open;
  readonly log: (line: string) => void;
  readonly clock: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
}

const RETRY_PAUSE_MS = 5_000;

/**
 * One run: reads the bucket, decides which content is in effect, fetches the feeds that are due, publishes the page.
 * @returns one line for the journal.
 * @throws {ContentUnreadableError | NothingToServeError | LockedError} with the website as it was before.
 */
export async function runSync(settings: SyncSettings, tools: SyncTools): Promise<string> {
  const { places } = settings;
  for (const folder of [places.home, places.staging, places.cache, places.www])
    await mkdir(folder, { recursive: true });
  return withLock(places.lock, async () => {
    await removeLeftovers(places);
    const bucket = openBucket(settings.bucketUrl);
    try {
      return await syncOnce(settings, tools, bucket);
    } finally {
      bucket.close();
    }
  });
}

async function syncOnce(settings: SyncSettings, tools: SyncTools, bucket: Bucket): Promise<string> {
  const started = tools.clock();
  const { places } = settings;
  const state = await readState(places.state);
  const { buildSite, log } = tools;
  const make = (): SyncContext => {
    return { settings, bucket, store: new ContentStore(places.staging), state, buildSite, now: tools.clock(), log };
  };
  const active = await loadContent(places);
  const { content, unreadable } = await readContent(make, active, tools, started);
  const context = make();
  const memory = await tools.openMemory({
    ...{ settings, bucket, log },
    now: tools.clock,
    pause: tools.pause,
    hasPage: state.published !== undefined,
  });
  const { certificate, notices } = await shownCertificate(settings, tools.clock());
  const host = certificate === undefined || certificate.state === "none" ? [] : settings.host;
  const built = await build(context, content, { memory, host });
  const report = built.report;
  const plainStyle = statusStyle(content.bytes);
  const style = { ...plainStyle, link: hostLink(plainStyle.link, host) };
  const makeStatus = (): StatusJson => {
    const degraded = [
      ...closedOf(content),
      ...degradedOf(settings, unreadable, built),
      ...memory.notices(),
      ...notices,
    ];
    const facts = { settings, content, degraded, report, memory: memory.report(), certificate };
    return statusOf({ ...facts, rejected: state.rejected, ...here(tools) });
  };
  const status = makeStatus();
  await publish(context, built, statusFiles(status, style));
  // A new server is ready before it has stored anything: what it has just read will be there in the next run, too.
  if (state.published === undefined) await memory.close();
  else await memory.keep();
  const after = makeStatus();
  if (!isSame(after.memory, status.memory)) await writeStatus(join(places.www, built.name), statusFiles(after, style));
  const entries = built.kept ? (state.published?.entries ?? 0) : status.counts.entries;
  state.published = { build: built.name, entries, at: status.generated_at };
  await writeState(places.state, state);
  await context.store.keepOnly(new Set(Object.values(state.live).map(({ sha256 }) => sha256)));
  const { feeds, ok } = status.counts;
  const seconds = ((tools.clock().getTime() - started.getTime()) / 1_000).toFixed(1);
  const outcome = `state=${status.state} content=${content.id} source=${content.source}`;
  return `sync ok ${outcome} feeds=${ok}/${feeds} entries=${entries} ${built.isNew ? "published" : "unchanged"} ${seconds}s`;
}

const statusFiles = (status: StatusJson, style: StatusStyle): Map<string, string> =>
  new Map([
    ["status.json", `${JSON.stringify(status, null, 1)}\n`],
    ["metrics", metrics(status)],
    ["feeds.html", feedsPage(status, style)],
    ["feeds-status.xml", feedsStatus(status, style)],
  ]);

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const here = ({ clock }: SyncTools) => ({ nodeVersion: process.version, now: clock() });

/** A server with content goes on with it when the bucket cannot be read; one without waits for it. */
async function readContent(
  make: () => SyncContext,
  active: LoadedContent | undefined,
  tools: SyncTools,
  started: Date,
): Promise<{ content: Content; unreadable?: ContentUnreadableError }> {
  for (;;) {
    const context = make();
    try {
      const follow = context.settings.content === "" ? followContent : pinnedContent;
      return { content: await follow(context, active) };
    } catch (error) {
      if (!(error instanceof ContentUnreadableError)) throw error;
      if (active) return { content: unchanged(active, context), unreadable: error };
      const elapsedSeconds = (context.now.getTime() - started.getTime()) / 1_000;
      if (!error.mayPass || elapsedSeconds >= context.settings.retrySeconds) throw error;
      tools.log(`retry: ${error.message}`);
      await tools.pause(RETRY_PAUSE_MS);
    }
  }
}

function unchanged(content: LoadedContent, { settings }: SyncContext): Content {
  const source = settings.content !== "" ? "pinned" : isEdited(content.files) ? "edit" : "manifest";
  return { ...content, source, drift: [], waiting: [], notices: [] };
}

/** An edit was uploaded without `public-read`: it has no effect until its operator hears of it. */
function closedOf({ notices }: Content): Notice[] {
  return notices.filter(({ code }) => code === "live-forbidden");
}

function degradedOf(
  settings: SyncSettings,
  unreadable: ContentUnreadableError | undefined,
  { kept, report }: Build,
): Notice[] {
  const notices: Notice[] = settings.bootDegraded.map((step) => ({
    name: "",
    code: `boot-${step}`,
    message: `step ${step} of the first boot did not succeed`,
  }));
  if (unreadable) notices.push({ name: "", code: "content-unreadable", message: unreadable.message });
  if (kept) notices.push({ name: "", ...kept });
  const feeds = report?.feeds ?? [];
  if (feeds.length > 0 && feeds.every(({ state }) => state === "failing" || state === "gone")) {
    notices.push({ name: "", code: "all-feeds-failing", message: "no feed could be read" });
  }
  return notices;
}
