import type { Git } from "../../git.ts";
import { differOnlyInKept } from "../permitNumber.ts";
import { inServiceOf, leftCommits } from "./inService.ts";
import type { Update } from "./updates.ts";

export interface Rollback {
  readonly stack: string;
  /** Commit that the planet was rolled back to. */
  readonly served: string;
  /** Commits that it was rolled back from. */
  readonly left: readonly string[];
}

const NOT_DEPLOYED = /^(docs|tests|\.github|\.ci)\/|\.md$|\.test\.ts$/;

/** Whether a deploy of the stack reads this file of the checkout. */
export function isDeployed(path: string, stack: string): boolean {
  const owner = /^Pulumi\.(.+)\.yaml$/.exec(path)?.[1];
  return owner === undefined ? !NOT_DEPLOYED.test(path) : owner === stack;
}

/**
 * Files that `head` still has as they were when a rollback undid them: a deploy of it would bring that back. None once
 * main has followed, by a revert or in another way. Generation and permit do not count, they are never lowered.
 */
export async function undoneFiles(head: string, { stack, served, left }: Rollback, git: Git): Promise<string[]> {
  const found = new Set<string>();
  if (left.length === 0 || !(await git.has(served))) return [];
  for (const commit of left) {
    if (!(await git.has(commit))) continue;
    const fixed = new Set(await git.differing(commit, head));
    const undone = (await git.differing(served, commit)).filter((path) => !fixed.has(path) && isDeployed(path, stack));
    for (const path of undone) {
      const isRaise = path === `Pulumi.${stack}.yaml` && (await isOnlyRaised(path, served, commit, git));
      if (!isRaise) found.add(path);
    }
  }
  return [...found].toSorted();
}

async function isOnlyRaised(path: string, served: string, commit: string, git: Git): Promise<boolean> {
  return differOnlyInKept((await git.show(served, path)) ?? "", (await git.show(commit, path)) ?? "");
}

/** What a deploy of this checkout would bring back. */
export interface Undone {
  /** Commit that the planet was rolled back to. */
  readonly served: string;
  /** At least one. */
  readonly files: readonly string[];
}

/** The same of this checkout, as the stack's history has it; undefined when it has nothing of the kind. */
export async function undoneHere(stack: string, updates: readonly Update[], git: Git): Promise<Undone | undefined> {
  const [served, head] = [inServiceOf(updates)?.commit, await git.head()];
  if (served === undefined || head === undefined) return undefined;
  const files = await undoneFiles(head, { stack, served, left: leftCommits(updates) }, git);
  return files.length > 0 ? { served, files } : undefined;
}

/** Takes those files, and nothing else, back to what is served. */
export function restoreCommand(served: string, files: readonly string[]): string {
  return `git restore --source ${served.slice(0, 8)} --staged --worktree ${files.join(" ")}`;
}
