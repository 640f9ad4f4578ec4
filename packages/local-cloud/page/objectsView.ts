import type { World } from "../world/world.ts";
import { accessOf } from "./cloudView.ts";

/** The first objects of a bucket, by key. */
export interface ObjectsView {
  readonly bucket: string;
  readonly objects: readonly {
    readonly key: string;
    readonly size: number;
    readonly modified: string;
    readonly type: string;
    readonly acl: string;
    /** What somebody without a signature gets. */
    readonly anonymous: number;
  }[];
  /** Of all that the bucket has. */
  readonly left: number;
}

const SHOWN_OBJECTS = 500;

/** Undefined when there is no such bucket. */
export function objectsView(world: World, name: string): ObjectsView | undefined {
  const bucket = world.state.buckets.get(name);
  if (!bucket) return undefined;
  const live = [...bucket.objects].flatMap(([key, versions]) => {
    const version = versions.at(-1);
    return version?.file === undefined ? [] : [{ key, version }];
  });
  const shown = live.toSorted((one, other) => (one.key < other.key ? -1 : 1)).slice(0, SHOWN_OBJECTS);
  return {
    bucket: name,
    objects: shown.map(({ key, version: { size, modified, headers, grants } }) => {
      return { key, size, modified, type: headers.get("Content-Type") ?? "", ...accessOf(grants) };
    }),
    left: live.length - shown.length,
  };
}
