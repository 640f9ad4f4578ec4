import type { SiteFile } from "@planet/content";
import {
  contentType,
  isOperatorEdit,
  judgeLiveObject,
  type Manifest,
  type ManifestFile,
  REPLACES_LIMIT,
  sha256Of,
} from "@planet/content";
import type { LiveObject } from "@planet/content/live";
import type { Published } from "./published.ts";

/** One file of the content release that this deploy makes. */
export interface ContentFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly type: string;
  /** False for a file that is left out of this deploy: its bytes come from the bucket. */
  readonly fromSite: boolean;
  /** The live object holds an edit that this deploy has nothing to do with: its resource must not write. */
  readonly keepLive: boolean;
}

/** Why a file stops the deploy. */
export interface Refusal {
  readonly name: string;
  readonly kind: "edited" | "edited-again" | "forbidden" | "nothing-to-leave" | "lost";
  /** What is live now, when it could be read. */
  readonly live?: { readonly sha256: string; readonly bytes: Uint8Array; readonly modified: Date | undefined };
  /** What this deploy would put there; absent when it would remove the file. */
  readonly wanted?: Uint8Array;
}

export interface Decision {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly string[];
  /** What is worth a line and no worry. */
  readonly notes: readonly string[];
  readonly files: readonly ContentFile[];
  /** Edits that are or were overwritten on request; their bytes stay in the bucket under their hash. */
  readonly rescued: readonly { readonly name: string; readonly sha256: string; readonly bytes: Uint8Array }[];
  readonly manifest: Manifest;
}

/** What the repository and the settings want, and what is published. */
export interface ContentRequest {
  readonly stack: string;
  readonly site: readonly SiteFile[];
  readonly published: Published;
  readonly overwrite: Readonly<Record<string, string>>;
  readonly leave: readonly string[];
}

/**
 * Decides, file by file, what this deploy publishes and whether it may. Pure: the same bucket and repository give
 * the same decision in preview and update. A file that is not changed by the deploy is never a reason to stop.
 */
export function decideContent(request: ContentRequest): Decision {
  const { published, site } = request;
  const entries = published.manifest.state === "present" ? published.manifest.manifest.files : [];
  const names = [...new Set([...site, ...entries, ...request.leave.map((name) => ({ name }))].map(({ name }) => name))];
  const verdicts = names.toSorted().map((name) => {
    const subject: Subject = {
      name,
      wanted: site.find((file) => file.name === name),
      entry: entries.find((entry) => entry.name === name),
      live: published.live.get(name) ?? { state: "missing" },
    };
    return request.leave.includes(name) ? leaveFile(subject, request) : deployFile(subject, request);
  });
  const files = verdicts.flatMap(({ file }) => file ?? []);
  const rescuedNow = verdicts.flatMap(({ rescue }) => rescue ?? []);
  const manifest = nextManifest(request.stack, files, entries, rescuedNow);
  const rescuedBefore = keptEdits(published, manifest, rescuedNow);
  return {
    refusals: verdicts.flatMap(({ refusal }) => refusal ?? []),
    warnings: verdicts.flatMap(({ warning }) => warning ?? []),
    notes: doneOverwrites(request, rescuedNow, rescuedBefore),
    files,
    rescued: [...rescuedNow, ...rescuedBefore],
    manifest,
  };
}

interface Subject {
  readonly name: string;
  readonly wanted: SiteFile | undefined;
  readonly entry: ManifestFile | undefined;
  readonly live: LiveObject;
}

interface Verdict {
  readonly file?: ContentFile;
  readonly refusal?: Refusal;
  readonly rescue?: Decision["rescued"][number];
  readonly warning?: string;
}

function deployFile(subject: Subject, request: ContentRequest): Verdict {
  const { name, wanted, entry, live } = subject;
  const hash = wanted && sha256Of(wanted.bytes);
  const unchanged = hash !== undefined && hash === entry?.sha256;
  const edit = editOf(subject, hash, request.published);
  const allowed = Object.hasOwn(request.overwrite, name) ? request.overwrite[name] : undefined;
  const isAllowed = allowed !== undefined && edit?.sha256.startsWith(allowed);
  const keepLive = unchanged && edit !== undefined && !isAllowed;
  const file = wanted && hash && toFile(name, wanted.bytes, hash, { fromSite: true, keepLive });
  if (keepLive) return { ...(file && { file }), warning: `${name} was edited in the bucket and stays as it is there` };

  const facts = { name, ...(wanted && { wanted: wanted.bytes }) };
  if (!unchanged && live.state === "forbidden") return { refusal: { ...facts, kind: "forbidden" } };
  if (!edit) return file ? { file } : {};
  if (allowed === undefined) return { refusal: { ...facts, kind: "edited", live: edit } };
  if (!isAllowed) return { refusal: { ...facts, kind: "edited-again", live: edit } };
  return { ...(file && { file }), rescue: { name, sha256: edit.sha256, bytes: edit.bytes } };
}

/** Object and manifest entry keep their bytes; a file that no deploy has published yet is adopted as it is live. */
function leaveFile(subject: Subject, { stack, published, leave }: ContentRequest): Verdict {
  const { name, wanted, entry, live } = subject;
  const kept = entry ? publishedBytes(subject, entry, published) : bytesOf(live);
  if (!kept) return { refusal: { name, kind: entry ? "lost" : nothingToLeave(live) } };
  const hash = sha256Of(kept);
  const file = toFile(name, kept, hash, { fromSite: false, keepLive: true });
  if (wanted && sha256Of(wanted.bytes) === hash) return { file };
  const change = wanted ? "what site/ has is not deployed" : "site/ does not have it, and it stays published";
  const end = `npx pulumi config rm --path 'planet:leave[${leave.indexOf(name)}]' --stack ${stack}`;
  return { file, warning: `planet:leave names ${name}: ${change}. To end that: ${end}` };
}

const nothingToLeave = ({ state }: LiveObject) => (state === "forbidden" ? "forbidden" : "nothing-to-leave");

function publishedBytes({ name, wanted, live }: Subject, entry: ManifestFile, { kept }: Published) {
  const candidates = [wanted?.bytes, bytesOf(kept.get(name)), bytesOf(live)];
  return candidates.find((bytes) => bytes && sha256Of(bytes) === entry.sha256);
}

/** The operator's edit that is live under this name, if there is one that differs from what is wanted. */
function editOf({ entry, live }: Subject, wanted: string | undefined, { manifest }: Published): Refusal["live"] {
  if (live.state !== "present") return undefined;
  const hash = sha256Of(live.bytes);
  if (hash === wanted) return undefined;
  // Without a manifest every live object is somebody's, for example in a bucket from before this project managed it.
  const verdict = judgeLiveObject({
    live: hash,
    manifestFile: entry,
    liveModified: live.modified,
    manifestModified: manifest.state === "present" ? manifest.modified : undefined,
  });
  return isOperatorEdit(verdict) ? { sha256: hash, bytes: live.bytes, modified: live.modified } : undefined;
}

function toFile(
  name: string,
  bytes: Uint8Array,
  hash: string,
  how: Pick<ContentFile, "fromSite" | "keepLive">,
): ContentFile {
  return { name, sha256: hash, bytes, type: contentType(name), ...how };
}

const bytesOf = (object: LiveObject | undefined) => (object?.state === "present" ? object.bytes : undefined);

/**
 * An unchanged file's entry stays as it is, so that a second preview is empty: no clock and no counter. Only an edit that
 * is overwritten now is remembered in it.
 */
function nextManifest(
  stack: string,
  files: readonly ContentFile[],
  entries: readonly ManifestFile[],
  rescued: Decision["rescued"],
): Manifest {
  const next = files.map((file): ManifestFile => {
    const before = entries.find(({ name }) => name === file.name);
    const overwritten = rescued.filter(({ name }) => name === file.name).map((edit) => edit.sha256);
    if (before?.sha256 === file.sha256 && overwritten.length === 0) return before;
    const replaces = [...overwritten, ...(before ? [before.sha256, ...before.replaces] : [])];
    return {
      name: file.name,
      sha256: file.sha256,
      size: file.bytes.length,
      type: file.type,
      replaces: [...new Set(replaces)].filter((hash) => hash !== file.sha256).slice(0, REPLACES_LIMIT),
    };
  });
  return { stack, files: next };
}

/**
 * Edits that an earlier deploy with the same setting has overwritten: named again, so that equal settings mean equal
 * resources. Only as long as the manifest remembers them after this deploy as well; the engine retains what goes. The
 * manifest forgets a file that is removed, so a removal's edit is named by that one deploy alone.
 */
function keptEdits({ overwritten }: Published, manifest: Manifest, now: Decision["rescued"]): Decision["rescued"] {
  return [...overwritten].flatMap(([name, object]) => {
    if (object.state !== "present" || now.some((edit) => edit.name === name)) return [];
    const hash = sha256Of(object.bytes);
    const isRemembered = manifest.files.some((file) => file.name === name && file.replaces.includes(hash));
    return isRemembered ? [{ name, sha256: hash, bytes: object.bytes }] : [];
  });
}

function doneOverwrites(
  { stack, overwrite }: ContentRequest,
  now: Decision["rescued"],
  before: Decision["rescued"],
): string[] {
  const done = Object.keys(overwrite).filter((name) => !now.some((edit) => edit.name === name));
  return done.map((name) => {
    const kept = before.find((edit) => edit.name === name);
    const what = kept ? `is done, the edit stays as objects/${kept.sha256}` : "has no edit to overwrite";
    return `planet:overwrite of ${name} ${what}; the entry can go: npx pulumi config rm --path 'planet:overwrite["${name}"]' --stack ${stack}`;
  });
}
