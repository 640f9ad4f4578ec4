import type { ObjectFacts } from "@planet/eucalyptus-client";
import type { DiffRequest, DiffResult, Inputs } from "@planet/pulumi-plugin";
import type { CloudContext } from "../cloudContext.ts";
import { contentBytes, md5 } from "./content.ts";
import { guardMove, isUnsaved } from "./guard.ts";
import { isRetained } from "./leftovers.ts";
import { CONTENTS } from "./objectInputs.ts";
import { type Place, placeOf, writtenEtag } from "./objectState.ts";

/** Reports to the run what a refresh saw of an object: whose bytes are live. */
export function noteLook(
  { run }: Pick<CloudContext, "run">,
  place: Place,
  { live, written, inputs }: { live: ObjectFacts; written: string; inputs: Inputs | undefined },
): void {
  run.noteWritten(placeOf(place), written);
  // What is retained on purpose is not deleted, so a destroy takes nothing of it.
  if (live.etag === written || (inputs && isRetained(inputs))) return;
  run.noteEdit({ place: placeOf(place), etag: live.etag, modified: live.lastModified });
}

/** Whether somebody's edit is live that nothing else in this run keeps. */
export async function holdsEdit(cloud: CloudContext, { bucket, key }: Place, state: Inputs): Promise<boolean> {
  const live = await cloud.s3.headObject(bucket, key);
  return (
    live !== undefined && isUnsaved({ live, written: writtenEtag(state), isKept: cloud.run.isSaved(bucket, live.etag) })
  );
}

/**
 * What the live object adds to a difference: the same bytes given in another way do not differ; an edit stops a move to another
 * bucket or key, before anything is made there; an edit that the program keeps in another object is overwritten, although
 * the program's own bytes are the same as before.
 */
export async function diffWithLive(
  cloud: CloudContext,
  place: Place,
  request: DiffRequest,
  ofInputs: DiffResult,
): Promise<DiffResult> {
  const { olds, oldInputs, news, ignoreChanges } = request;
  const written = writtenEtag(olds);
  const found = await withoutSameBytes(cloud, request, ofInputs);
  const id = placeOf(place);
  if (written !== undefined) cloud.run.noteWritten(id, written);
  if (isRetained(oldInputs)) {
    if (!found.changes) await noteKept(cloud, place, written);
    return found;
  }
  const moved = MOVES.find((name) => found.replaces.includes(name) && typeof news[name] === "string");
  const live = moved && (await cloud.s3.headObject(place.bucket, place.key));
  if (live) guardMove({ place: id, live, written, isKept: cloud.run.isSaved(place.bucket, live.etag) }, moved);

  const body = CONTENTS.find((name) => news[name] !== undefined && !ignoreChanges.includes(name));
  const isReplaced = olds.etag !== written && cloud.run.isSaved(place.bucket, String(olds.etag));
  if (found.changes || body === undefined || !isReplaced) return found;
  return { ...found, changes: true, detailed: { [body]: "update" } };
}

const MOVES = ["bucket", "key"] as const;

/** After an import the state knows the bytes by their hash alone; the program has them as a text or a file. */
async function withoutSameBytes(
  cloud: CloudContext,
  { olds, news }: DiffRequest,
  found: DiffResult,
): Promise<DiffResult> {
  const isBody = (path: string) => CONTENTS.some((name) => path === name);
  if (olds.etag !== writtenEtag(olds) || !Object.keys(found.detailed).some(isBody)) return found;
  const bytes = await contentBytes(cloud, news);
  if (bytes === undefined || md5(bytes) !== olds.etag) return found;
  const detailed = Object.fromEntries(Object.entries(found.detailed).filter(([path]) => !isBody(path)));
  return { ...found, detailed, changes: Object.keys(detailed).length > 0 };
}

/** The program has this object from before, and keeps it: so other copies of its bytes may go. */
async function noteKept({ s3, run }: CloudContext, { bucket, key }: Place, written: string | undefined): Promise<void> {
  const live = await s3.headObject(bucket, key);
  if (live !== undefined && live.etag === written) run.save(bucket, live.etag);
}
