import { isOperatorEdit, judgeLiveObject, type Manifest, sha256Of } from "@planet/content";
import type { LiveBucket } from "@planet/content/live";
import type { LiveEdit } from "./change.ts";

/**
 * What operators changed in the bucket, and what this deploy does with it. The pre-flight decides whether it may; this
 * reports the outcome.
 * @param next The manifest that the deploy writes; undefined when it stays.
 * @param stopped The preview ended before it had all steps.
 */
export function liveEdits(bucket: LiveBucket, next: Manifest | undefined, stopped: boolean): LiveEdit[] {
  const published = bucket.manifest.state === "present" ? bucket.manifest : undefined;
  const names = [...bucket.objects.keys()].toSorted();
  return names.flatMap((name): LiveEdit[] => {
    const live = bucket.objects.get(name);
    if (live?.state !== "present") return [];
    const hash = sha256Of(live.bytes);
    const entry = published?.manifest.files.find((file) => file.name === name);
    const verdict = judgeLiveObject({
      live: hash,
      manifestFile: entry,
      liveModified: live.modified,
      manifestModified: published?.modified,
    });
    if (!isOperatorEdit(verdict)) return [];
    const wanted = (next ?? published?.manifest)?.files.find((file) => file.name === name)?.sha256;
    const fate = stopped ? "found" : wanted === hash ? "taken" : wanted === entry?.sha256 ? "left" : "overwritten";
    return [{ name, sha256: hash, ...(live.modified && { modified: live.modified.toISOString() }), fate }];
  });
}
