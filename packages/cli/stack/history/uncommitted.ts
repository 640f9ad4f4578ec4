import { join } from "node:path";
import type { Git } from "../../git.ts";
import { differOnlyInGeneration } from "../generation.ts";
import { isDeployed } from "./undone.ts";

/** Where a checkout's files are read. */
export interface Sources {
  readonly checkout: string;
  readonly git: Git;
  /** Undefined when there is no such file. */
  readonly readText: (file: string) => Promise<string | undefined>;
}

/**
 * Files that a deploy of the stack reads and that are not as `commit` has them: a rollback cannot come back to them. The
 * generation in the stack's file does not count, since it is our own change.
 */
export async function uncommittedSources(
  stack: string,
  commit: string,
  { checkout, git, readText }: Sources,
): Promise<string[]> {
  const file = `Pulumi.${stack}.yaml`;
  const isOurs = async (path: string) => {
    if (path !== file) return false;
    const [committed, here] = [await git.show(commit, path), await readText(join(checkout, path))];
    return committed !== undefined && here !== undefined && differOnlyInGeneration(committed, here);
  };
  const others: string[] = [];
  const uncommitted = (await git.uncommitted()).filter((path) => isDeployed(path, stack));
  for (const path of uncommitted) if (!(await isOurs(path))) others.push(path);
  return others;
}

const SHOWN = 10;

/** `a, b and 3 more` */
export function shortList(paths: readonly string[]): string {
  const more = paths.length - SHOWN;
  return paths.slice(0, SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
