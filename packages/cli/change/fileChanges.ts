import type { Manifest, ManifestFile } from "@planet/content";
import { unifiedDiff } from "@planet/content/unifiedDiff";
import type { FileChange } from "./change.ts";
import { keyOf } from "./contentTexts.ts";
import type { Step } from "./previewJson.ts";

export interface FileFacts {
  /** Published now; absent when nothing is, or when the manifest does not change. */
  readonly before?: Manifest;
  readonly after?: Manifest;
  /** The text that readers have now, and the text that they would get. */
  readonly textBefore: (name: string) => string | undefined;
  readonly textAfter: (name: string) => string | undefined;
  /** Steps of live names. */
  readonly live: readonly Step[];
}

/** Changes by name, sorted. The manifests say what changes; steps of other names only bring the live names into step. */
export function fileChanges(facts: FileFacts): FileChange[] {
  const changes = facts.after ? manifestChanges(facts, facts.after) : [];
  const known = new Set(changes.map(({ name }) => name));
  const lagging = facts.live.flatMap((step): FileChange[] => {
    const name = keyOf(step);
    return known.has(name) ? [] : [{ name, kind: "rewritten" }];
  });
  return [...changes, ...lagging].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function manifestChanges(facts: FileFacts, after: Manifest): FileChange[] {
  const old = byName(facts.before);
  const next = byName(after);
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), next.get(name)];
    return was?.sha256 === is?.sha256 ? [] : [fileChange(name, was, is, facts)];
  });
}

function fileChange(
  name: string,
  was: ManifestFile | undefined,
  is: ManifestFile | undefined,
  { textBefore, textAfter }: FileFacts,
): FileChange {
  const before = was ? textBefore(name) : "";
  const after = is ? textAfter(name) : "";
  const diff = before !== undefined && after !== undefined ? unifiedDiff(name, before, after) : undefined;
  return {
    name,
    kind: !was ? "added" : !is ? "removed" : "changed",
    ...(was && { bytesBefore: was.size }),
    ...(is && { bytesAfter: is.size }),
    ...(diff !== undefined && { diff }),
  };
}

function byName(manifest: Manifest | undefined): ReadonlyMap<string, ManifestFile> {
  return new Map(manifest?.files.map((file) => [file.name, file]));
}
