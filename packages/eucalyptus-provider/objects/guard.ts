import type { ObjectFacts } from "@planet/eucalyptus-client";
import { ExplainedError } from "../errors.ts";

/*
 * Who competes: a deploy, and people who edit an object straight in the bucket, which is how planets of this kind are
 * run. What guards: before bytes are written or removed, the live ETag must be the one that the state knows (nobody
 * touched it) or the MD5 of what is about to be written (the edit was pulled into the repository, or an interrupted
 * deploy wrote it). The cloud has no conditional writes, so between look and write lie milliseconds that nothing
 * closes; the stack's pre-flight and the sync's manifest make an edit lost there visible.
 */

/** @throws {ExplainedError} `OBJECT_CHANGED`; nothing was written. */
export function guardWrite(facts: {
  readonly place: string;
  readonly live: ObjectFacts | undefined;
  /** Undefined on create. */
  readonly knownEtag: string | undefined;
  readonly newEtag: string;
}): void {
  const { place, live, knownEtag, newEtag } = facts;
  if (!live || live.etag === newEtag || (knownEtag !== undefined && live.etag === knownEtag)) return;
  throw new ExplainedError({
    code: "OBJECT_CHANGED",
    what: `${place} was not written`,
    why:
      knownEtag === undefined
        ? `an object with other bytes is there (ETag ${live.etag})${since(live)}`
        : `somebody changed it in the bucket${since(live)}: its ETag is ${live.etag}, the last deploy left ${knownEtag}`,
    next:
      knownEtag === undefined
        ? "Save and remove it, or take it over with `npx pulumi import`; then run `npx pulumi up --refresh`."
        : "Take the edit over into your files, then run `npx pulumi up --refresh`.",
  });
}

/** @throws {ExplainedError} `OBJECT_CHANGED`; nothing was deleted. */
export function guardDelete(facts: {
  readonly place: string;
  readonly live: ObjectFacts;
  readonly knownEtag: string;
}): void {
  const { place, live, knownEtag } = facts;
  if (live.etag === knownEtag) return;
  throw new ExplainedError({
    code: "OBJECT_CHANGED",
    what: `${place} was not deleted`,
    why: `somebody changed it in the bucket${since(live)}: its ETag is ${live.etag}, the last deploy left ${knownEtag}`,
    next: "Save the edit if it is wanted, then run `npx pulumi up --refresh` (or `npx pulumi destroy --refresh`).",
  });
}

function since({ lastModified }: ObjectFacts): string {
  return lastModified ? ` at ${lastModified.toISOString()}` : "";
}
