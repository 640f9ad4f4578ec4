import { isOperatorEdit, judgeLiveObject, type Manifest } from "@planet/aggregator";
import type { LiveBucket } from "../feeds/liveBucket.ts";
import type { LiveEdit } from "./change.ts";
import { sha256 } from "./contentTexts.ts";

/**
 * What operators changed in the bucket, and what this deploy does with it. Whether it may is the pre-flight's to say;
 * here its outcome is told.
 * @param next The manifest that the deploy writes; undefined when it stays.
 * @param stopped The preview ended before it had all steps.
 */
export function liveEdits(bucket: LiveBucket, next: Manifest | undefined, stopped: boolean): LiveEdit[] {
  const published = bucket.manifest.state === "present" ? bucket.manifest : undefined;
  const names = [...bucket.objects.keys()].toSorted();
  return names.flatMap((name): LiveEdit[] => {
    const live = bucket.objects.get(name);
    if (live?.state !== "present") return [];
    const hash = sha256(live.bytes);
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
