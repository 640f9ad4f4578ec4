import type { ObjectFacts } from "@planet/eucalyptus-client";
import { ProviderError } from "../providerError.ts";
import type { LiveEdit } from "../runLedger.ts";

/*
 * Who competes: a deploy, and people who edit an object straight in the bucket, which is how many
 * websites are run. What guards: bytes are written or removed only over
 *
 * - what this stack has written there last, as its state says in an output that no refresh changes;
 * - the very bytes that are about to be written: the edit was pulled into the repository, or an interrupted deploy
 *   wrote them;
 * - an edit that the program keeps for good: another object of this run has the same bytes and is retained on purpose.
 *
 * The cloud has no conditional writes, so between look and write lie milliseconds that nothing closes; the stack's
 * pre-flight and the sync's manifest make an edit lost there visible.
 */

interface Look {
  /** `bucket/key` */
  readonly place: string;
  readonly live: ObjectFacts;
  /** Undefined when this stack has written nothing there. */
  readonly written: string | undefined;
  /** Another object of this run keeps the live bytes. */
  readonly isKept: boolean;
}

/** Whether the live bytes are somebody's edit that would be lost. */
export function isUnsaved({ live, written, isKept }: Omit<Look, "place">): boolean {
  return live.etag !== written && !isKept;
}

/** @throws {ProviderError} `OBJECT_CHANGED`; nothing was written. */
export function guardWrite(look: Look & { readonly newEtag: string }): void {
  if (look.live.etag === look.newEtag || !isUnsaved(look)) return;
  const isNew = look.written === undefined;
  throw changed(`${look.place} was not written`, look, isNew ? `${NEXT}, or taken over with \`pulumi import\`` : NEXT);
}

/** @throws {ProviderError} `OBJECT_CHANGED`; nothing was deleted. */
export function guardDelete(look: Look): void {
  if (isUnsaved(look)) throw changed(`${look.place} was not deleted`, look, NEXT);
}

/** @throws {ProviderError} `OBJECT_CHANGED`; nothing was changed. */
export function guardMove(look: Look, property: string): void {
  if (!isUnsaved(look)) return;
  throw changed(`${look.place} is not given up for another ${property}`, look, nextOfMove(property));
}

const SAVE = "Take the edit into the program's files, or let the program keep a copy of it in the bucket";

const NEXT = `${SAVE}, then run \`pulumi up\`. What is not one of its files can be saved and removed with any S3 client`;

const nextOfMove = (property: string) =>
  `Nothing was changed. Go back to the old ${property}. ${SAVE}, and run \`pulumi up\`. Then change the ${property}.`;

function changed(what: string, { live, written }: Look, next: string): ProviderError {
  const why =
    written === undefined
      ? `an object with other bytes is there (ETag ${live.etag})${since(live.lastModified)}`
      : `somebody changed it in the bucket${since(live.lastModified)}: its ETag is ${live.etag}, the last deploy left ${written}`;
  return new ProviderError({ code: "OBJECT_CHANGED", what, why, next });
}

/** Why a destroy, which runs no program that could look at edits, does not even begin. */
export function unsavedEdits(edits: readonly LiveEdit[]): ProviderError {
  return new ProviderError({
    code: "UNSAVED_EDITS",
    what: "nothing was deleted in the cloud",
    why: whyUnsaved(edits),
    next: `${SAVE}, and run \`pulumi up\`. Then run this command again.`,
  });
}

/** Why a bucket is not given up for another one. */
export function editsLeftBehind(edits: readonly LiveEdit[]): ProviderError {
  return new ProviderError({
    code: "EDITS_LEFT_BEHIND",
    what: "the stack does not go to another bucket",
    why: whyUnsaved(edits),
    next: nextOfMove("bucket"),
  });
}

function whyUnsaved(edits: readonly LiveEdit[]): string {
  const named = edits.map(({ place, modified }) => `${place}${since(modified)}`).toSorted();
  return `somebody edited in the bucket what would be deleted with it: ${named.join(", ")}`;
}

function since(time: Date | undefined): string {
  return time ? ` at ${time.toISOString()}` : "";
}
