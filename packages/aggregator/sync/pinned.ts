import { isOperatorEdit, judgeLiveObject } from "@planet/content";
import { configOf, readBase } from "./bytes.ts";
import { putIntoEffect } from "./chooseContent.ts";
import type { Content, Drift, SyncContext } from "./context.ts";
import { filesOf } from "./followContent.ts";
import type { LoadedContent } from "./localContent.ts";
import { ContentUnreadableError, readPinnedManifest, readPublishedManifest } from "./manifestSource.ts";
import { observeAll } from "./observe.ts";

/**
 * A server that is pinned to one content release (`planet:rollout: replace`): it reads only what its user-data names,
 * by hash. Live edits are looked at and reported, and nothing of them is taken.
 */
export async function pinnedContent(context: SyncContext, active: LoadedContent | undefined): Promise<Content> {
  const { settings } = context;
  const content = active?.digest === settings.content ? active : await readPinnedContent(context, active);
  return { ...content, source: "pinned", drift: await reportEdits(context, content), waiting: [], notices: [] };
}

async function readPinnedContent(context: SyncContext, active: LoadedContent | undefined): Promise<LoadedContent> {
  const reading = await readPinnedManifest(context.bucket, context.settings);
  const files = filesOf(reading);
  const bytes = await readBase(files, active, context);
  if (configOf(bytes) === undefined) throw new Error("the deployed planet.ini cannot be used");
  return putIntoEffect({ files, bytes, rejected: [] }, active, reading.digest, context);
}

/** Live bytes that neither this content nor the published manifest knows. Best effort: a report must not stop a server. */
async function reportEdits(context: SyncContext, content: LoadedContent): Promise<Drift[]> {
  const { bucket, state, settings, now } = context;
  try {
    const { manifest, modified: manifestModified } = await readPublishedManifest(bucket, state, settings, now);
    const published = new Map(manifest.files.map((file) => [file.name, file]));
    const observer = { ...context, settleSeconds: settings.settleSeconds };
    const seen = await observeAll(content.files.keys(), observer);
    return [...seen].flatMap(([name, { sha256, etag, modified, firstSeen }]) => {
      const pinned = content.files.get(name)?.sha256 as string;
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
