import type { DiffResult } from "@planet/pulumi-plugin";

/** A difference that no input shows: the state has what the cloud has no more, as after an interrupted delete. */
export function replacedAsGone(found: DiffResult, property: string): DiffResult {
  return {
    ...found,
    changes: true,
    replaces: [property],
    detailed: { ...found.detailed, [property]: "update-replace" },
  };
}
