import { createHash } from "node:crypto";
import { isRecord } from "../text/json.ts";
import { contentProblems } from "./names.ts";

/** At most so many earlier hashes are remembered per name, newest first. */
export const REPLACES_LIMIT = 5;

export interface ManifestFile {
  readonly name: string;
  /** 64 lower-case hex digits; the bytes lie under `objects/<sha256>`. */
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  /** Hashes published under this name before, newest first: a live object with one of them is not an edit. */
  readonly replaces: readonly string[];
}

/** The switch between the immutable copies and the live names: what the deploy published. */
export interface Manifest {
  /** The owner. Another stack's manifest is never overwritten and never followed. */
  readonly stack: string;
  readonly files: readonly ManifestFile[];
}

export class ManifestError extends Error {
  readonly code = "MANIFEST";

  constructor(reason: string, options?: ErrorOptions) {
    super(`manifest.json cannot be used: ${reason}`, options);
    this.name = "ManifestError";
  }
}

/** Sorted by name, without clock or counter: the same content gives the same bytes, so a second preview is empty. */
export function serializeManifest({ stack, files }: Manifest): string {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = sorted.map(({ name, sha256, size, type, replaces }) => ({
    name,
    sha256,
    size,
    type,
    replaces: replaces.slice(0, REPLACES_LIMIT),
  }));
  return `${JSON.stringify({ schema: 1, stack, files: entries }, null, 1)}\n`;
}

/**
 * What a server pinned to one content release reads, under `objects/<content digest>`: the manifest without its
 * history, so that the same files have the same digest however they came about.
 */
export function pinnedManifest({ stack, files }: Manifest): string {
  return serializeManifest({ stack, files: files.map((file) => ({ ...file, replaces: [] })) });
}

/** Names a content release: SHA-256 of {@link pinnedManifest}, 64 hex digits. */
export function contentDigest(manifest: Manifest): string {
  return sha256Of(pinnedManifest(manifest));
}

/** @throws {ManifestError} on anything but a whole, legal manifest: an error page, a cut download, a foreign name. */
export function parseManifest(file: string | Uint8Array): Manifest {
  const value = parseJson(typeof file === "string" ? file : Buffer.from(file).toString("utf8"));
  if (!isRecord(value) || value.schema !== 1) throw new ManifestError("it is not of schema 1");
  if (typeof value.stack !== "string" || value.stack === "") throw new ManifestError("it names no stack");
  if (!Array.isArray(value.files)) throw new ManifestError("it lists no files");
  const files = value.files.map(parseFile);
  if (new Set(files.map(({ name }) => name)).size !== files.length) throw new ManifestError("a name is there twice");
  const [problem] = contentProblems(files);
  if (problem) throw new ManifestError(`${problem.name || "its content"} ${problem.reason}`);
  return { stack: value.stack, files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ManifestError("it is not JSON", { cause });
  }
}

function parseFile(value: unknown): ManifestFile {
  if (!isRecord(value)) throw new ManifestError("a file is not an object");
  const { name, sha256, size, type, replaces } = value;
  if (typeof name !== "string") throw new ManifestError("a file has no name");
  if (!isHash(sha256)) throw new ManifestError(`${name} has no SHA-256`);
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0)
    throw new ManifestError(`${name} has no size`);
  if (typeof type !== "string") throw new ManifestError(`${name} has no type`);
  if (!Array.isArray(replaces) || !replaces.every(isHash)) throw new ManifestError(`${name} has a bad "replaces"`);
  return { name, sha256, size, type, replaces };
}

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

/** 64 lower-case hex digits. */
export function sha256Of(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
