import type { Update } from "./updates.ts";

/** The update whose sources readers see, as far as the history shows. Undefined also after a destroy. */
export function inServiceOf(updates: readonly Update[]): Update | undefined {
  return succeeded(updates).at(-1);
}

/** Updates that did something and came to their end, since the planet was destroyed last. */
export function succeeded(updates: readonly Update[]): Update[] {
  return ended(updates).filter(({ changed }) => changed);
}

function ended(updates: readonly Update[]): Update[] {
  const end = updates.findLastIndex(({ kind, result }) => kind === "destroy" && result === "succeeded");
  return updates.slice(end + 1).filter(({ kind, result }) => kind === "update" && result === "succeeded");
}

/** Commits that the last rollbacks have left and that nothing has been deployed of since. */
export function leftCommits(updates: readonly Update[]): string[] {
  // One that changed nothing counts: it has brought nothing back.
  const all = ended(updates);
  const lastDeploy = all.findLastIndex(({ mark }) => mark?.to === undefined);
  return all.slice(lastDeploy + 1).flatMap(({ mark }) => mark?.from ?? []);
}

/** Also of updates that failed: their server may still be there under that generation. */
export function highestGeneration(updates: readonly Update[]): number {
  return Math.max(0, ...updates.map(({ generation }) => generation ?? 0));
}

/** A permit that was withdrawn once stays withdrawn, whatever became of that update. */
export function highestPermit(updates: readonly Update[]): number {
  return Math.max(1, ...updates.map(({ permit }) => permit ?? 1));
}
