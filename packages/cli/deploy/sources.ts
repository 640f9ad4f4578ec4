import { type Context, OperatorError } from "../command.ts";
import type { Git } from "../git.ts";
import { shortList, uncommittedSources } from "../stack/history/uncommitted.ts";
import { restoreCommand, undoneHere } from "../stack/history/undone.ts";
import type { Update } from "../stack/history/updates.ts";
import type { OperationEdges } from "./edges.ts";

/** What a deploy from this checkout is made of. */
export interface Sources {
  /** Of which commit it is, all of it and nothing beside; undefined where that cannot be said. */
  readonly commit?: string;
}

/**
 * Looks whether a deploy from here would be one commit and nothing beside. What a deploy does not read does not count,
 * nor does the generation in the stack's file, which is our own change.
 * @throws {OperatorError} on anything else that is not committed, unless `allowed`.
 */
export async function checkSources(
  { stack, allowed, updates }: { stack: string; allowed: boolean; updates: readonly Update[] },
  { git: gitOf, readText }: OperationEdges,
  { checkout, err }: Context,
): Promise<Sources> {
  const git = gitOf(checkout);
  const commit = await git.head();
  if (commit === undefined) {
    err("There is no git commit here: `planet rollback` will not be able to come back to this update.\n");
    return {};
  }
  await refuseRolledBack(stack, updates, git);
  const others = await uncommittedSources(stack, commit, { checkout, git, readText });
  if (others.length === 0) return { commit };
  if (allowed) return {};
  throw new OperatorError({
    code: "UNCOMMITTED_CHANGES",
    what: `This would also deploy changes that are not committed: ${shortList(others)}.`,
    next:
      "Commit them or put them aside (`git stash --include-untracked`) and repeat. Nothing was changed.\n" +
      "--allow-dirty deploys them; `npx planet rollback` cannot come back to that update.",
  });
}

/** Deploying what was just rolled back would bring back what is wrong with it. */
async function refuseRolledBack(stack: string, updates: readonly Update[], git: Git): Promise<void> {
  const undone = await undoneHere(stack, updates, git);
  if (!undone) return;
  const { served, files } = undone;
  throw new OperatorError({
    code: "UNDOES_ROLLBACK",
    what: `The planet was rolled back to ${served.slice(0, 8)}, and a deploy from here would undo the rollback.`,
    why: `This checkout still has what was rolled back: ${files.join(", ")}.`,
    next: `\`${restoreCommand(served, files)}\`, commit, then repeat. Nothing was changed.`,
  });
}
