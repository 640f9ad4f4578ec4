import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { sha256Of } from "@planet/content";
import { linkTarget, readIfThere, switchLink } from "../files.ts";
import type { Places } from "./settings.ts";

/** Where a file comes from: the deploy, or an operator's live edit. */
type Origin = "manifest" | "edit";

export interface ContentFile {
  readonly sha256: string;
  readonly origin: Origin;
}

/** The content this server works with: the manifest's files with the live edits in effect laid over them. */
export interface LocalContent {
  /** `<8 digits of the content digest>`, with `+edit.<n>` when edits are in it. */
  readonly id: string;
  readonly digest: string;
  readonly appliedAt: string;
  readonly files: ReadonlyMap<string, ContentFile>;
}

/** The same with its bytes by name. */
export interface LoadedContent extends LocalContent {
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** The content that `current` points at; undefined when there is none or a byte of it is wrong. */
export async function loadContent({ current, contents }: Places): Promise<LoadedContent | undefined> {
  const target = await linkTarget(current);
  if (target === undefined) return undefined;
  const folder = join(contents, basename(target));
  const content = parseContent(await readIfThere(join(folder, "content.json")));
  if (content === undefined) return undefined;
  const loaded = new Map<string, Uint8Array>();
  for (const [name, { sha256 }] of content.files) {
    const bytes = await readIfThere(join(folder, "files", name));
    if (bytes === undefined || sha256Of(bytes) !== sha256) return undefined;
    loaded.set(name, bytes);
  }
  return { ...content, bytes: loaded };
}

function parseContent(bytes: Uint8Array | undefined): LocalContent | undefined {
  try {
    const { id, digest, appliedAt, files } = JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
    return { id, digest, appliedAt, files: new Map(files) };
  } catch {
    return undefined;
  }
}

/**
 * Writes the content beside the others and switches `current` to it: killed at any moment, the server has the whole old
 * content or the whole new one.
 */
export async function installContent(places: Places, content: LoadedContent): Promise<void> {
  const draft = join(places.staging, `content-${content.id}`);
  const final = join(places.contents, content.id);
  await rm(draft, { recursive: true, force: true });
  for (const [name, bytes] of content.bytes) {
    await mkdir(dirname(join(draft, "files", name)), { recursive: true });
    await writeFile(join(draft, "files", name), bytes);
  }
  const { id, digest, appliedAt, files } = content;
  await writeFile(join(draft, "content.json"), JSON.stringify({ id, digest, appliedAt, files: [...files] }));
  await mkdir(places.contents, { recursive: true });
  await rm(final, { recursive: true, force: true });
  await rename(draft, final);
  await switchLink(places.current, join("contents", id));
  await removeOthers(places, id);
}

async function removeOthers({ contents }: Places, id: string): Promise<void> {
  for (const name of await readdir(contents)) {
    if (name !== id) await rm(join(contents, name), { recursive: true, force: true });
  }
}

/** True when both hold the same bytes from the same origins under the same manifest. */
export function isSameContent(
  a: LocalContent | undefined,
  digest: string,
  files: ReadonlyMap<string, ContentFile>,
): boolean {
  if (a === undefined || a.digest !== digest || a.files.size !== files.size) return false;
  return [...files].every(([name, { sha256, origin }]) => {
    const other = a.files.get(name);
    return other?.sha256 === sha256 && other.origin === origin;
  });
}

export function isEdited(files: ReadonlyMap<string, ContentFile>): boolean {
  return [...files.values()].some(({ origin }) => origin === "edit");
}
