import { readGeneration } from "../../stack/generation.ts";
import { leftCommits } from "../../stack/history/inService.ts";
import { isDeployed, undoneFiles } from "../../stack/history/undone.ts";
import { readPermitNumber } from "../../stack/permitNumber.ts";
import type { KeptNumbers } from "./prepareWorktree.ts";
import type { Session } from "./session.ts";
import type { Target } from "./target.ts";
import { revertReminder } from "./texts.ts";

/** Says what main has to follow, since the next deploy from it would bring back what was rolled back. */
export async function remind(
  { target: { commit }, left: last }: Target,
  { generation, permit }: KeptNumbers,
  { stack, updates, edges, context }: Session,
): Promise<void> {
  const git = edges.git(context.checkout);
  const stackFile = `Pulumi.${stack}.yaml`;
  const left = [...leftCommits(updates), ...(last === undefined ? [] : [last])];
  const head = await git.head();
  const then = await git.show(commit, stackFile);
  context.err(
    revertReminder({
      commit,
      files: head === undefined ? [] : await undoneFiles(head, { stack, served: commit, left }, git),
      uncommitted: (await git.uncommitted()).filter((path) => path !== stackFile && isDeployed(path, stack)),
      since: await git.since(commit),
      stackFile,
      kept: [
        ...(then !== undefined && readGeneration(then) < generation ? [`planet:generation: ${generation}`] : []),
        ...(then !== undefined && readPermitNumber(then) < permit ? [`planet:permit: ${permit}`] : []),
      ],
    }),
  );
}
