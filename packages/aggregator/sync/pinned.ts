import { isOperatorEdit, judgeLiveObject } from "@planet/content";
import { configOf, readBase } from "./bytes.ts";
import { install } from "./chooseRelease.ts";
import { filesOf } from "./content.ts";
import type { Content, Drift, SyncContext } from "./context.ts";
import { ContentUnreadableError, readPinnedManifest, readPublishedManifest } from "./manifestSource.ts";
import { observeAll } from "./observe.ts";
import type { LoadedRelease } from "./release.ts";

/**
 * A server that is pinned to one content release (`planet:rollout: replace`): it reads only what its user-data names,
 * by hash. Live edits are looked at and reported, and nothing of them is taken.
 */
export async function pinnedContent(context: SyncContext, active: LoadedRelease | undefined): Promise<Content> {
  const { settings } = context;
  const release = active?.digest === settings.content ? active : await readPinnedRelease(context, active);
  return { release, source: "pinned", drift: await reportEdits(context, release), waiting: [], notices: [] };
}

async function readPinnedRelease(context: SyncContext, active: LoadedRelease | undefined): Promise<LoadedRelease> {
  const reading = await readPinnedManifest(context.bucket, context.settings);
  const files = filesOf(reading);
  const contents = await readBase(files, active, context);
  if (configOf(contents) === undefined) throw new Error("the deployed planet.ini cannot be used");
  return install({ files, contents, rejected: [] }, active, reading.digest, context);
}

/** Live bytes that neither this release nor the published manifest knows. Best effort: a report must not stop a server. */
async function reportEdits(context: SyncContext, release: LoadedRelease): Promise<Drift[]> {
  const { bucket, state, settings, now } = context;
  try {
    const { manifest, modified: manifestModified } = await readPublishedManifest(bucket, state, settings, now);
    const published = new Map(manifest.files.map((file) => [file.name, file]));
    const observer = { ...context, settleSeconds: settings.settleSeconds };
    const seen = await observeAll(release.files.keys(), observer);
    return [...seen].flatMap(([name, { sha256, etag, modified, firstSeen }]) => {
      const pinned = release.files.get(name)?.sha256 as string;
      const facts = { live: sha256, manifestFile: published.get(name), liveModified: modified, manifestModified };
      if (sha256 === undefined || sha256 === pinned || !isOperatorEdit(judgeLiveObject(facts))) return [];
      const tag = etag === undefined ? {} : { etag };
      return { name, manifestSha: pinned, liveSha: sha256, ...tag, since: firstSeen, applied: false };
    });
  } catch (error) {
    if (error instanceof ContentUnreadableError) return [];
    throw error;
  }
}
