import { namedFiles } from "@planet/content";
import { configOf, readBase } from "./bytes.ts";
import { chooseContent, forgetRejections } from "./chooseContent.ts";
import type { Content, Drift, SyncContext } from "./context.ts";
import { decide } from "./decide.ts";
import { type ContentFile, isEdited, type LoadedContent } from "./localContent.ts";
import { type ManifestReading, readPublishedManifest } from "./manifestSource.ts";
import { type Observation, observeAll } from "./observe.ts";

/**
 * Follows the manifest and the live edits.
 *
 * Two writers do not know of each other: a deploy (immutable copies, then manifest.json, then live names) and
 * an operator (one live name, at any time). The manifest is the deploy's switch, so its files are only read by hash;
 * a live object counts only when it holds bytes that no deploy has written. Killed at any moment, this leaves the
 * content that was active or the next one, never a mixture: content is written aside and switched to by one rename.
 */
export async function followContent(context: SyncContext, active: LoadedContent | undefined): Promise<Content> {
  const { bucket, state, settings, now } = context;
  const reading = await readPublishedManifest(bucket, state, settings, now);
  const baseFiles = filesOf(reading);
  const replaced = new Map(reading.manifest.files.map(({ name, replaces }) => [name, replaces]));
  const observer = { ...context, settleSeconds: settings.settleSeconds, replaced };
  const observations = await observeAll(baseFiles.keys(), observer);
  const base = await readBase(baseFiles, active, context);
  const unpublished = await unpublishedNames(base, observations.get("planet.ini"), active, context);
  for (const [name, seen] of await observeAll(unpublished, observer)) observations.set(name, seen);
  // A name that nobody names any longer would keep its bytes for good.
  for (const name of Object.keys(state.live)) if (!observations.has(name)) delete state.live[name];
  const { manifest, digest, modified: manifestModified } = reading;
  const decision = decide({ manifest, digest, manifestModified, active, observations, rejected: state.rejected });
  forgetRejections(decision, observations, state);
  const content = await chooseContent({ context, active, reading, decision, base, baseFiles });
  return {
    ...content,
    source: isEdited(content.files) ? "edit" : "manifest",
    drift: driftOf(content, baseFiles, observations),
    waiting: decision.waiting,
    notices: decision.notices,
  };
}

export function filesOf({ manifest }: ManifestReading): Map<string, ContentFile> {
  return new Map(manifest.files.map(({ name, sha256 }) => [name, { sha256, origin: "manifest" }]));
}

/** Files that a planet.ini names and the manifest does not have: an operator may add a face without a deploy. */
async function unpublishedNames(
  base: ReadonlyMap<string, Uint8Array>,
  liveIni: Observation | undefined,
  active: LoadedContent | undefined,
  { state, store }: SyncContext,
): Promise<string[]> {
  const rejected = state.rejected["planet.ini"]?.sha256;
  const live = liveIni?.sha256 && liveIni.sha256 !== rejected ? await store.get(liveIni.sha256) : undefined;
  const configs = [configOf(active?.bytes ?? base), configOf(base), live && configOf(new Map([["planet.ini", live]]))];
  const names = configs.flatMap((config) => (config ? namedFiles(config) : []));
  return [...new Set(names)].filter((name) => !base.has(name));
}

function driftOf(
  { files }: LoadedContent,
  baseFiles: ReadonlyMap<string, ContentFile>,
  observations: ReadonlyMap<string, Observation>,
): Drift[] {
  return [...files].flatMap(([name, { sha256, origin }]) => {
    if (origin !== "edit") return [];
    const seen = observations.get(name);
    const manifestSha = baseFiles.get(name)?.sha256;
    return {
      name,
      ...(manifestSha === undefined ? {} : { manifestSha }),
      liveSha: sha256,
      ...(seen?.etag === undefined ? {} : { etag: seen.etag }),
      since: seen?.firstSeen ?? "",
      applied: true,
    };
  });
}
