import { join } from "node:path";
import type { Change } from "../../change/change.ts";
import { type Command, type Context, createCommand, OperatorError, UsageError } from "../../command.ts";
import { deployProbed, showProof } from "../../deploy/deploy.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { agree } from "../../deploy/options.ts";
import { refuseLocked } from "../../deploy/refuseLocked.ts";
import { STACK } from "../../options.ts";
import { readGeneration, StackFileError } from "../../stack/generation.ts";
import { highestGeneration, inServiceOf, leftCommits } from "../../stack/history/inService.ts";
import { withMark } from "../../stack/history/mark.ts";
import { readHistory } from "../../stack/history/readHistory.ts";
import { isDeployed, undoneFiles } from "../../stack/history/undone.ts";
import { isUnfinished } from "../../stack/history/unfinished.ts";
import type { Update } from "../../stack/history/updates.ts";
import { neededDeployment, stackName } from "../../stack/outputs.ts";
import { parseState } from "../../stack/state.ts";
import { absoluteEnvironment } from "./environment.ts";
import { prepareWorktree } from "./prepareWorktree.ts";
import { type PreviewIn, previewBack, previewInFolder } from "./previewBack.ts";
import { type Choice, chooseTarget, type Wish } from "./target.ts";
import { listUpdates, revertReminder, waysOn } from "./texts.ts";

export interface RollbackEdges extends OperationEdges {
  readonly preview: PreviewIn;
  readonly prepare: typeof prepareWorktree;
}

type Target = Omit<Extract<Choice, { kind: "target" }>, "kind">;

interface Options {
  readonly stack: string;
  readonly to: number | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

export const rollbackCommand = createRollbackCommand({
  ...realOperationEdges,
  preview: previewInFolder,
  prepare: prepareWorktree,
});

/** Deploys the commit of an earlier update again: the deploy path on purpose, it is rehearsed every day. */
export function createRollbackCommand(edges: RollbackEdges): Command {
  return createCommand({
    name: "rollback",
    summary: "Go back to an earlier update: its program, settings, site and user-data",
    options: {
      to: {
        type: "string",
        value: "update",
        help: "to this update, not to the newest one before that changed something",
      },
      list: { type: "boolean", help: "show the updates and their numbers" },
      yes: { type: "boolean", help: "do not ask" },
      json: { type: "boolean", help: "the proof, or the list, for a script" },
      stack: STACK,
    },

    async run({ values }, context) {
      if (values.to !== undefined && !/^[1-9]\d*$/.test(values.to)) {
        throw new UsageError(`--to takes an update's number, not "${values.to}"; --list shows them`);
      }
      const { checkout, environment } = context;
      const here = { ...context, environment: absoluteEnvironment(environment, checkout) };
      const stack = await stackName(values.stack, edges, here);
      const updates = await readHistory(stack, edges, here);
      if (values.list) {
        const inService = inServiceOf(updates);
        context.out(values.json ? `${JSON.stringify(updates, null, 2)}\n` : listUpdates(updates, inService));
        return 0;
      }
      await refuseLocked(stack, edges, here);
      const to = values.to === undefined ? undefined : Number(values.to);
      return rollBack({ stack, to, yes: values.yes, json: values.json }, updates, edges, here);
    },
  });
}

async function rollBack(
  options: Options,
  updates: readonly Update[],
  edges: RollbackEdges,
  context: Context,
): Promise<number> {
  const { stack, to } = options;
  const highest = Math.max(await generationHere(stack, edges, context), highestGeneration(updates));
  // What was in service before a run that broke off comes back as it was: its server may still run, or even serve.
  const generationOf = ({ target, isAfterBreak }: Target) => (isAfterBreak ? (target.generation ?? 0) : highest);
  const killed = await killedRun(stack, updates, edges, context);
  let choice = await choose(stack, { to, killed }, updates, edges, context);
  while (!(await goBack(options, choice, generationOf(choice), edges, context))) {
    const { number } = choice.target;
    // Somebody who named an update does not mean the one before it.
    if (to !== undefined) {
      throw new OperatorError(
        `Nothing was changed: update ${number} differs in nothing from what is deployed (the generation is never lowered).\n` +
          `\`npx planet rollback --list --stack ${stack}\` shows every update, --to goes further back.`,
      );
    }
    context.err(`Update ${number} differs in nothing from what is deployed, so one further back.\n`);
    choice = await choose(stack, { before: number, killed }, updates, edges, context);
  }
  await remind({ stack, generation: generationOf(choice) }, choice, updates, edges, context);
  return 0;
}

/** What a killed run deployed is not known; most likely it was what is checked out. */
async function killedRun(
  stack: string,
  updates: readonly Update[],
  { read, git }: RollbackEdges,
  context: Context,
): Promise<Wish["killed"]> {
  const { code, stdout } = await read(["stack", "export", "--non-interactive", "--stack", stack], context);
  if (code !== 0) throw new OperatorError("The state cannot be read; the reason is above. Nothing was changed.");
  if (!isUnfinished(parseState(stdout), updates)) return undefined;
  context.err("The last run was broken off and is in no history: what was in service before it is the way back.\n");
  return { commit: await git(context.checkout).head() };
}

async function choose(
  stack: string,
  wish: Wish,
  updates: readonly Update[],
  { git }: RollbackEdges,
  { checkout }: Context,
): Promise<Target> {
  const choice = chooseTarget(updates, wish);
  if (choice.kind === "refused") {
    throw new OperatorError(`Cannot go back: ${choice.why}. Nothing was changed.\n${waysOn(choice.usable, stack)}`);
  }
  const { commit, number } = choice.target;
  if (await git(checkout).has(commit)) return choice;
  throw new OperatorError(
    `Cannot go back: update ${number} was of commit ${commit.slice(0, 8)}, which this clone does not have. Nothing was changed.\n` +
      `\`git fetch origin ${commit}\` may bring it (\`git fetch --unshallow\` in a shallow clone). Else \`planet rollback --to\` another ` +
      `update: \`npx planet rollback --list --stack ${stack}\`.`,
  );
}

async function generationHere(stack: string, { readText }: RollbackEdges, { checkout }: Context): Promise<number> {
  try {
    return readGeneration((await readText(join(checkout, `Pulumi.${stack}.yaml`))) ?? "");
  } catch (error) {
    if (error instanceof StackFileError) return 0; // whatever is wrong with today's file, the history knows
    throw error;
  }
}

/**
 * @returns false when that update is what is deployed: then nothing was done. After one that broke off, the state may
 * have more to forget than a preview shows, so that is deployed all the same.
 */
async function goBack(
  options: Options,
  choice: Target,
  generation: number,
  edges: RollbackEdges,
  context: Context,
): Promise<boolean> {
  const { stack } = options;
  const { commit, number, message, startTime } = choice.target;
  context.err(`Back to update ${number} of ${startTime.slice(0, 10)}, commit ${commit.slice(0, 8)}: ${message}\n`);
  const { project, remove } = await edges.prepare({ commit, stack, generation }, edges.git(context.checkout), context);
  try {
    const { verdict } = await previewBack({ project, stack, number }, edges.preview, context);
    if (verdict === "nothing" && !choice.isAfterBreak) return false;
    await deployBack(options, choice, { project, verdict }, edges, context);
    return true;
  } finally {
    await remove();
  }
}

async function deployBack(
  { stack, yes, json }: Options,
  { target, left }: Target,
  { project, verdict }: { project: string; verdict: Change["verdict"] },
  edges: RollbackEdges,
  context: Context,
): Promise<void> {
  const { commit, number } = target;
  const before = await neededDeployment(stack, edges, context);
  await agree("Roll back?", { yes }, edges);
  const message = withMark(`planet rollback: to update ${number}, ${subjectOf(target)}`, {
    commit,
    to: number,
    ...(left !== undefined && { from: left }),
  });
  const { succeeded, proof } = await deployProbed({ stack, before, message, cwd: project, json }, edges, context);
  if (!succeeded) {
    throw new OperatorError(
      "`npx pulumi up` failed; its reason is above. A server that was in service still is, or the new one already serves.\n" +
        "Mend it and repeat `npx planet rollback`: it goes on from what is there.",
      3,
    );
  }
  showProof(proof, { stack, update: number, commit, verdict }, json, context);
  if (verdict === "content") context.err("The server takes the content within one interval.\n");
}

async function remind(
  { stack, generation }: { stack: string; generation: number },
  { target: { commit }, left: last }: Target,
  updates: readonly Update[],
  { git: gitOf }: RollbackEdges,
  { checkout, err }: Context,
): Promise<void> {
  const git = gitOf(checkout);
  const stackFile = `Pulumi.${stack}.yaml`;
  const left = [...leftCommits(updates), ...(last === undefined ? [] : [last])];
  const head = await git.head();
  const then = await git.show(commit, stackFile);
  err(
    revertReminder({
      commit,
      files: head === undefined ? [] : await undoneFiles(head, { stack, served: commit, left }, git),
      uncommitted: (await git.uncommitted()).filter((path) => path !== stackFile && isDeployed(path)),
      since: await git.since(commit),
      stackFile,
      generation,
      isRaised: then !== undefined && readGeneration(then) < generation,
    }),
  );
}

/** What that update was about, however often one has come back to it. */
const subjectOf = ({ message }: Update): string => message.replace(/^planet rollback: to update \d+, /, "");
