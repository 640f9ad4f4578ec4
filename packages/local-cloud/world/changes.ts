import type { Bucket } from "../s3/types.ts";
import type { WorldState } from "./types.ts";

/*
 * Of objects and uploads there may be very many. Whoever changes one says which, and only that one is written. The rest, the
 * core, is small and is compared as a whole.
 */

/** Where in the state something has been set or removed. */
export type Path =
  | readonly ["buckets", bucketName: string, "objects", key: string]
  | readonly ["uploads", uploadId: string]
  | readonly ["uploads", uploadId: string, "parts", partNumber: number];

/** What is there now; null: nothing. */
export type Change = readonly [path: Path, value: unknown];

export type Core = Omit<WorldState, "counter" | "uploads" | "buckets"> & {
  readonly buckets: ReadonlyMap<string, Omit<Bucket, "objects">>;
};

export function coreOf({ counter: _counter, uploads: _uploads, buckets, ...core }: WorldState): Core {
  const withoutObjects = ({ objects: _objects, ...bucket }: Bucket) => bucket;
  return { ...core, buckets: new Map([...buckets].map(([name, bucket]) => [name, withoutObjects(bucket)])) };
}

export function resolved(state: WorldState, path: Path): Change {
  return [path, mapAt(state, path)?.get(path.at(-1) as never) ?? null];
}

/** The state with one write more. It may change what it is given. */
export function replayed(state: WorldState, core: Core | undefined, changes: readonly Change[]): WorldState {
  const next = core === undefined ? state : withCore(state, core);
  for (const [path, value] of changes) {
    const map: Map<unknown, unknown> | undefined = mapAt(next, path);
    if (value === null) map?.delete(path.at(-1));
    else map?.set(path.at(-1), value);
  }
  return next;
}

function withCore({ counter, uploads, buckets }: WorldState, core: Core): WorldState {
  const withObjects = (bucket: Omit<Bucket, "objects">): Bucket => ({
    ...bucket,
    objects: buckets.get(bucket.name)?.objects ?? new Map(),
  });
  return {
    ...core,
    ...{ counter, uploads },
    buckets: new Map([...core.buckets].map(([name, bucket]) => [name, withObjects(bucket)])),
  };
}

/** Absent: the bucket or upload is gone, and with it what was in it. */
function mapAt({ buckets, uploads }: WorldState, path: Path) {
  if (path[0] === "buckets") return buckets.get(path[1])?.objects;
  return path.length === 2 ? uploads : uploads.get(path[1])?.parts;
}
