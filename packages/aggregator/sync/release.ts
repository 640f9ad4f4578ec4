import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sha256Of } from "@planet/content";
import { linkTarget, readIfThere, switchLink } from "./files.ts";
import type { Places } from "./settings.ts";

/** Where a file of a release comes from: the deploy, or an operator's live edit. */
export type Origin = "manifest" | "edit";

export interface ReleaseFile {
  readonly sha256: string;
  readonly origin: Origin;
}

/** The content this server works with: the manifest's files with the live edits in effect laid over them. */
export interface LocalRelease {
  /** `<8 digits of the content digest>`, with `+edit.<n>` when edits are in it. */
  readonly id: string;
  readonly digest: string;
  readonly appliedAt: string;
  readonly files: ReadonlyMap<string, ReleaseFile>;
}

export interface LoadedRelease extends LocalRelease {
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** The release that `current` points at; undefined when there is none or a byte of it is wrong. */
export async function loadRelease({ current, releases }: Places): Promise<LoadedRelease | undefined> {
  const target = await linkTarget(current);
  if (target === undefined) return undefined;
  const folder = join(releases, basename(target));
  const release = parseRelease(await readIfThere(join(folder, "release.json")));
  if (release === undefined) return undefined;
  const contents = new Map<string, Uint8Array>();
  for (const [name, { sha256 }] of release.files) {
    const bytes = await readIfThere(join(folder, "files", name));
    if (bytes === undefined || sha256Of(bytes) !== sha256) return undefined;
    contents.set(name, bytes);
  }
  return { ...release, contents };
}

function parseRelease(bytes: Uint8Array | undefined): LocalRelease | undefined {
  try {
    const { id, digest, appliedAt, files } = JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
    return { id, digest, appliedAt, files: new Map(files) };
  } catch {
    return undefined;
  }
}

/**
 * Writes the release beside the others and switches `current` to it: killed at any moment, the server has the whole
 * old release or the whole new one.
 */
export async function installRelease(places: Places, release: LoadedRelease): Promise<void> {
  const draft = join(places.staging, `release-${release.id}`);
  const final = join(places.releases, release.id);
  await rm(draft, { recursive: true, force: true });
  for (const [name, bytes] of release.contents) {
    await mkdir(dirname(join(draft, "files", name)), { recursive: true });
    await writeFile(join(draft, "files", name), bytes);
  }
  const { id, digest, appliedAt, files } = release;
  await writeFile(join(draft, "release.json"), JSON.stringify({ id, digest, appliedAt, files: [...files] }));
  await mkdir(places.releases, { recursive: true });
  await rm(final, { recursive: true, force: true });
  await rename(draft, final);
  await switchLink(places.current, join("releases", id));
  await removeOthers(places, id);
}

async function removeOthers({ releases }: Places, id: string): Promise<void> {
  for (const name of await readdir(releases)) {
    if (name !== id) await rm(join(releases, name), { recursive: true, force: true });
  }
}

/** True when both hold the same bytes from the same origins under the same manifest. */
export function isSameRelease(
  a: LocalRelease | undefined,
  digest: string,
  files: ReadonlyMap<string, ReleaseFile>,
): boolean {
  if (a === undefined || a.digest !== digest || a.files.size !== files.size) return false;
  return [...files].every(([name, { sha256, origin }]) => {
    const other = a.files.get(name);
    return other?.sha256 === sha256 && other.origin === origin;
  });
}

export function isEdited(files: ReadonlyMap<string, ReleaseFile>): boolean {
  return [...files.values()].some(({ origin }) => origin === "edit");
}
