import { publicReader, type ReadLive } from "@planet/content/live";
import type { Context } from "../../command.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { type BucketStore, openBucketStore } from "../../stack/bucketStore.ts";
import type { StackSettings } from "../../stack/settings.ts";

/** What the memory verbs need of the world. */
export interface MemoryEdges extends Pick<OperationEdges, "read" | "page" | "confirm" | "sleep"> {
  readonly store: (settings: StackSettings, context: Context) => Promise<BucketStore>;
  readonly reader: (bucketUrl: string) => ReadLive;
  readonly now: () => number;
}

export const realMemoryEdges: MemoryEdges = {
  ...realOperationEdges,
  store: openBucketStore,
  reader: publicReader,
  now: Date.now,
};
