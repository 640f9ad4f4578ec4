import { namedFiles, type Refusal } from "@planet/content";
import { attempted } from "./attempts.ts";
import { configOf, overlayBytes } from "./bytes.ts";
import { type Composition, compose } from "./compose.ts";
import type { SyncContext } from "./context.ts";
import type { Decision, Overlay } from "./decide.ts";
import { type ContentFile, installContent, isEdited, isSameContent, type LoadedContent } from "./localContent.ts";
import type { ManifestReading } from "./manifestSource.ts";
import type { Observation } from "./observe.ts";
import type { RejectedRecord, SyncState } from "./state.ts";
import { refuseByTrial } from "./trial.ts";

export interface Choice {
  readonly context: SyncContext;
  readonly active: LoadedContent | undefined;
  readonly reading: ManifestReading;
  readonly decision: Decision;
  readonly base: ReadonlyMap<string, Uint8Array>;
  readonly baseFiles: ReadonlyMap<string, ContentFile>;
}

/** The content to work with from now on: newly installed, or the active one itself when nothing has changed. */
export async function chooseContent(choice: Choice): Promise<LoadedContent> {
  const { context, active, reading, decision, base, baseFiles } = choice;
  const { state, buildSite, settings, now } = context;
  // A deploy that was refused is history as soon as another one is published, be it the one before it.
  if (state.rejected["manifest.json"]?.sha256 !== reading.digest) delete state.rejected["manifest.json"];
  const kept = new Map(baseFiles);
  for (const { name, sha256 } of decision.kept) kept.set(name, { sha256, origin: "edit" });
  if (active && decision.candidates.length === 0 && isSameContent(active, reading.digest, kept)) return active;
  if (active && state.rejected["manifest.json"]?.sha256 === reading.digest) return active;
  const composed = await compose(decision, {
    base,
    baseFiles,
    edits: await overlayBytes(decision, active, context),
    before: configOf(active?.bytes ?? base),
    trial: (files) => attempted(files, context, () => refuseByTrial(files, buildSite, settings, now)),
  });
  delete state.attempts;
  if ("code" in composed) return withoutBase(composed, choice);
  forgetAccepted(composed, state);
  for (const { overlay, refusal } of composed.rejected) remember(overlay, refusal, reading.digest, context);
  return putIntoEffect(withoutUnnamed(composed, baseFiles), active, reading.digest, context);
}

/** An edit that was rejected alone may have been taken together with its counterpart. */
function forgetAccepted({ files }: Composition, state: SyncState): void {
  for (const [name, { sha256 }] of Object.entries(state.rejected)) {
    if (files.get(name)?.sha256 === sha256) delete state.rejected[name];
  }
}

/** The deploy's own files cannot be used. What is in effect stays; a server that has nothing cannot serve. */
function withoutBase(refusal: Refusal, { context, active, reading }: Choice): LoadedContent {
  if (active === undefined) throw new Error(`the deployed content cannot be used: ${refusal.message}`);
  remember({ name: "manifest.json", sha256: reading.digest, kept: false }, refusal, reading.digest, context);
  return active;
}

function remember({ name, sha256 }: Overlay, refusal: Refusal, digest: string, { state, now, log }: SyncContext): void {
  const { code, message, line } = refusal;
  const record: RejectedRecord = { sha256, at: now.toISOString(), code, message, digest, ...(line ? { line } : {}) };
  state.rejected[name] = record;
  log(`rejected ${name} ${sha256.slice(0, 8)}: ${line ? `line ${line}: ` : ""}${message}`);
}

/** A rejection is about certain bytes: other bytes, or none, end it. */
export function forgetRejections(
  { inStep }: Decision,
  observations: ReadonlyMap<string, Observation>,
  state: SyncState,
): void {
  for (const [name, { sha256 }] of Object.entries(state.rejected)) {
    if (name === "manifest.json") continue;
    const seen = observations.get(name);
    if (!seen || inStep.includes(name) || (seen.sha256 !== undefined && seen.sha256 !== sha256)) {
      delete state.rejected[name];
    }
  }
}

/** Puts these files into effect, unless they are so already. */
export async function putIntoEffect(
  { files, bytes }: Composition,
  active: LoadedContent | undefined,
  digest: string,
  { settings, state, now, log }: SyncContext,
): Promise<LoadedContent> {
  if (active && isSameContent(active, digest, files)) return active;
  const edited = isEdited(files);
  // Also after a lost state: the active content's folder is never written over.
  if (edited) state.edits = Math.max(state.edits, Number(active?.id.split("+edit.")[1] ?? 0)) + 1;
  const id = edited ? `${digest.slice(0, 8)}+edit.${state.edits}` : digest.slice(0, 8);
  const content = { id, digest, appliedAt: now.toISOString(), files, bytes };
  await installContent(settings.places, content);
  log(`content ${id} in effect`);
  return content;
}

/** A file that only a rejected planet.ini names does not belong to the content. */
function withoutUnnamed(composed: Composition, baseFiles: ReadonlyMap<string, ContentFile>): Composition {
  const config = configOf(composed.bytes);
  const named = new Set(config ? namedFiles(config) : []);
  const belongs = ([name]: readonly [string, unknown]) => baseFiles.has(name) || named.has(name);
  return {
    ...composed,
    files: new Map([...composed.files].filter(belongs)),
    bytes: new Map([...composed.bytes].filter(belongs)),
  };
}
