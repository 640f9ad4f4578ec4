import { memoryPrefix } from "@planet/content";
import type { Context } from "../../command.ts";
import type { BucketStore } from "../../stack/bucketStore.ts";
import { readStackSettings, type StackSettings } from "../../stack/settings.ts";
import type { MemoryEdges } from "./edges.ts";

/** Where a planet's memory lies, and the way to it. */
export interface MemoryPlace {
  readonly settings: StackSettings;
  /** With its slash. */
  readonly prefix: string;
  readonly store: BucketStore;
}

/** @param permit of an earlier memory; undefined: of that which servers write now */
export async function openPlace(
  stack: string,
  edges: MemoryEdges,
  context: Context,
  permit?: number,
): Promise<MemoryPlace> {
  const settings = await readStackSettings(edges.read, stack, context);
  const prefix = memoryPrefix(permit ?? settings.permit);
  return { settings, prefix, store: await edges.store(settings, context) };
}
