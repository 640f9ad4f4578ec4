import { contentDigest, type Manifest, ManifestError, parseManifest } from "@planet/content";
import type { Bucket } from "./bucket.ts";
import { recordOf, validatorsOf } from "./observe.ts";
import type { SyncSettings } from "./settings.ts";
import type { SyncState } from "./state.ts";

const TRUST_MS = 24 * 3_600_000;

/** The content cannot be read. Whatever this server has already stays in effect. */
export class ContentUnreadableError extends Error {
  readonly code = "CONTENT_UNREADABLE";
  /** False when waiting does not help: another stack's bucket. */
  readonly mayPass: boolean;

  constructor(message: string, mayPass = true) {
    super(message);
    this.name = "ContentUnreadableError";
    this.mayPass = mayPass;
  }
}

export interface ManifestReading {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly modified: Date | undefined;
}

/** The published manifest: what the last deploy switched to. */
export async function readPublishedManifest(
  bucket: Bucket,
  state: SyncState,
  settings: SyncSettings,
  now: Date,
): Promise<ManifestReading> {
  const before = state.manifest;
  const trusted = before && now.getTime() - Date.parse(before.readAt) < TRUST_MS;
  const answer = await bucket.read("manifest.json", trusted ? validatorsOf(before) : {});
  if (answer.state === "ok") {
    const text = Buffer.from(answer.bytes).toString("utf8");
    const reading = readingOf(text, answer.modified, settings.stack);
    state.manifest = { ...recordOf(answer, before, now), text };
    return reading;
  }
  if (answer.state === "unchanged" && before) {
    const modified = before.modified === undefined ? undefined : new Date(before.modified);
    return readingOf(before.text, modified, settings.stack);
  }
  const reason = answer.state === "unchanged" ? "http 304 without a condition" : answer.reason;
  throw new ContentUnreadableError(`manifest.json: ${reason}`);
}

/** The one content release that the user-data names. Its bytes never change, so nothing is asked twice. */
export async function readPinnedManifest(bucket: Bucket, settings: SyncSettings): Promise<ManifestReading> {
  const name = `objects/${settings.content}`;
  const answer = await bucket.read(name);
  if (answer.state !== "ok") {
    throw new ContentUnreadableError(`${name}: ${answer.state === "unchanged" ? "http 304" : answer.reason}`);
  }
  if (answer.sha256 !== settings.content) throw new ContentUnreadableError(`${name}: the bytes do not have that hash`);
  return readingOf(Buffer.from(answer.bytes).toString("utf8"), undefined, settings.stack);
}

function readingOf(text: string, modified: Date | undefined, stack: string): ManifestReading {
  const manifest = parsed(text);
  if (manifest.stack !== stack) {
    const message = `manifest.json belongs to stack ${JSON.stringify(manifest.stack)}, this server to ${JSON.stringify(stack)}`;
    throw new ContentUnreadableError(message, false);
  }
  return { manifest, digest: contentDigest(manifest), modified };
}

function parsed(text: string): Manifest {
  try {
    return parseManifest(text);
  } catch (error) {
    if (error instanceof ManifestError) throw new ContentUnreadableError(error.message);
    throw error;
  }
}
