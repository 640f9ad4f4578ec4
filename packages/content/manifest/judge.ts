import type { ManifestFile } from "./manifest.ts";

/**
 * What a live object is, compared with the manifest:
 *
 * | verdict     | meaning                                                                     |
 * |-------------|-----------------------------------------------------------------------------|
 * | `in-step`   | the live bytes are the manifest's                                           |
 * | `deploying` | an earlier deploy's bytes, not newer than the manifest: the live name lags   |
 * | `put-back`  | an earlier deploy's bytes, uploaded after the manifest: an operator's choice |
 * | `edit`      | bytes that no deploy has written, however old: an operator's edit            |
 * | `added`     | the name is not in the manifest                                             |
 * | `unreadable`| missing, or not public-read                                                 |
 */
export type Verdict = "in-step" | "deploying" | "put-back" | "edit" | "added" | "unreadable";

export interface LiveObjectFacts {
  /** SHA-256 of the live bytes; undefined when the object is missing or cannot be read. */
  readonly live: string | undefined;
  readonly manifestFile: ManifestFile | undefined;
  /** Both by the storage's clock (Last-Modified). */
  readonly liveModified: Date | undefined;
  readonly manifestModified: Date | undefined;
}

/**
 * The table of the live configuration's rules. A clock alone must not decide: a deploy that changes only the css makes
 * the manifest newer than a live edit of planet.ini, and that edit has to stay. So only the hash shows an edit;
 * the clock only separates a lagging live name from an older version that was put back on purpose. Without both times, it
 * lags.
 */
export function judgeLiveObject({ live, manifestFile, liveModified, manifestModified }: LiveObjectFacts): Verdict {
  if (live === undefined) return "unreadable";
  if (manifestFile === undefined) return "added";
  if (live === manifestFile.sha256) return "in-step";
  if (!manifestFile.replaces.includes(live)) return "edit";
  const later = liveModified !== undefined && manifestModified !== undefined && liveModified > manifestModified;
  return later ? "put-back" : "deploying";
}

/** True when the live bytes are somebody's wish that differs from the deploy's. */
export function isOperatorEdit(verdict: Verdict): boolean {
  return verdict === "put-back" || verdict === "edit" || verdict === "added";
}
