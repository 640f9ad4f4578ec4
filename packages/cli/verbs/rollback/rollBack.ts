import { join } from "node:path";
import type { Change } from "../../change/change.ts";
import { OperatorError } from "../../command.ts";
import { deployProbed, showProof } from "../../deploy/deploy.ts";
import { agree } from "../../deploy/options.ts";
import { readGeneration, StackFileError } from "../../stack/generation.ts";
import { highestPermit } from "../../stack/history/inService.ts";
import { withMark } from "../../stack/history/mark.ts";
import { isUnfinished } from "../../stack/history/unfinished.ts";
import type { Update } from "../../stack/history/updates.ts";
import { doctorNext, neededDeployment } from "../../stack/outputs.ts";
import { readPermitNumber } from "../../stack/permitNumber.ts";
import { parseState } from "../../stack/state.ts";
import type { KeptNumbers } from "./prepareWorktree.ts";
import { previewBack } from "./previewBack.ts";
import { remind } from "./remind.ts";
import type { Session } from "./session.ts";
import { chooseTarget, type Target, type Wish } from "./target.ts";
import { nextSteps, oneLine } from "./texts.ts";

/** Goes back until something differs from what is deployed, and says what main has to follow. */
export async function rollBack(session: Session): Promise<void> {
  const { stack, options, context } = session;
  const keptOf = await keptFor(session);
  const killed = await killedRun(session);
  let choice = await choose({ to: options.to, killed }, session);
  while (!(await goBack(choice, keptOf(choice), session))) {
    const { number } = choice.target;
    // Somebody who named an update does not mean the one before it.
    if (options.to !== undefined) {
      throw new OperatorError({
        code: "NO_DIFFERENCE",
        what: `Update ${number} does not differ from what is deployed (generation and permit are never lowered).`,
        next: `\`npx planet rollback --list --stack ${stack}\` shows every update; --to goes further back. Nothing was changed.`,
      });
    }
    context.err(`Update ${number} differs in nothing from what is deployed, so one further back.\n`);
    choice = await choose({ before: number, killed }, session);
  }
  await remind(choice, keptOf(choice), session);
}

/**
 * The numbers that must not be undercut. The generation: the one in service. An update that failed has none to keep, since a
 * server under its generation was never one to go on with. The stack's file counts, too, but for what a run that was interrupted has
 * perhaps put there: what was in service before comes back as it was, and its server may still run. The permit: every one that
 * there ever was, since whoever raised it has withdrawn the ones before.
 */
async function keptFor({ stack, updates, edges, context }: Session): Promise<(choice: Target) => KeptNumbers> {
  const text = (await edges.readText(join(context.checkout, `Pulumi.${stack}.yaml`))) ?? "";
  const here = numberIn(readGeneration, text);
  const permit = Math.max(highestPermit(updates), numberIn(readPermitNumber, text));
  return ({ inService: { generation = 0 }, hasBrokenOff }) => {
    return { generation: hasBrokenOff ? generation : Math.max(here, generation), permit };
  };
}

function numberIn(read: (text: string) => number, text: string): number {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof StackFileError) return 0; // whatever is wrong with today's file, the history knows
    throw error;
  }
}

/** What a killed run deployed is not known; most likely it was what is checked out. */
async function killedRun({ stack, updates, edges, context }: Session): Promise<Wish["killed"]> {
  const { code, stdout } = await edges.read(["stack", "export", "--non-interactive", "--stack", stack], context);
  if (code !== 0) {
    throw new OperatorError({
      code: "STATE_UNREADABLE",
      what: "The stack's state cannot be read; the reason is above.",
      next: `${doctorNext(stack)} Nothing was changed.`,
    });
  }
  if (!isUnfinished(parseState(stdout), updates)) return undefined;
  context.err(
    "The last run was interrupted and is not in the history: this goes back to what was in service before it.\n",
  );
  return { commit: await edges.git(context.checkout).head() };
}

/** @throws {OperatorError} when there is nothing to go back to, or this clone does not have it. */
async function choose(wish: Wish, { stack, updates, edges, context }: Session): Promise<Target> {
  const choice = chooseTarget(updates, wish);
  if (choice.kind === "refused") {
    const { code, why, usable, advice } = choice;
    const steps = [nextSteps(usable, stack), ...(advice === undefined ? [] : [advice])];
    throw new OperatorError({
      code,
      what: "Cannot go back:",
      why: `${why}.`,
      next: `${steps.join("\n")} Nothing was changed.`,
    });
  }
  const { commit, number } = choice.target;
  if (await edges.git(context.checkout).has(commit)) return choice;
  throw new OperatorError({
    code: "COMMIT_MISSING",
    what: "Cannot go back:",
    why: `update ${number} was of commit ${commit.slice(0, 8)}, which this clone does not have.`,
    next:
      `\`git fetch origin ${commit}\` may bring it (\`git fetch --unshallow\` in a shallow clone). Else go back to another update ` +
      `with --to: \`npx planet rollback --list --stack ${stack}\`. Nothing was changed.`,
  });
}

/**
 * @returns false when that update is what is deployed: then nothing was done. After one that was interrupted, the state may
 * have more to forget than a preview shows, so that is deployed all the same.
 */
async function goBack(choice: Target, kept: KeptNumbers, session: Session): Promise<boolean> {
  const { stack, edges, context } = session;
  const { commit, number, message, startTime } = choice.target;
  context.err(
    `Back to update ${number} of ${startTime.slice(0, 10)}, commit ${commit.slice(0, 8)}: ${oneLine(message)}\n`,
  );
  const { project, remove } = await edges.prepare({ commit, stack, ...kept }, edges.git(context.checkout), context);
  try {
    const { verdict } = await previewBack(project, number, session);
    if (verdict === "nothing" && !choice.isAfterBreak) return false;
    await deployBack(choice, { project, verdict }, session);
    return true;
  } finally {
    await remove();
  }
}

async function deployBack(
  { target, left }: Target,
  { project, verdict }: { readonly project: string; readonly verdict: Change["verdict"] },
  { stack, options: { yes, json }, edges, context }: Session,
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
    throw new OperatorError({
      code: "ROLLBACK_FAILED",
      what: "`npx pulumi up` failed; its reason is above.",
      next:
        "A server that was in service still is, or the new one already serves.\n" +
        "Fix the reason and repeat `npx planet rollback`: it continues from what is there.",
      exitCode: 3,
    });
  }
  showProof(proof, { stack, update: number, commit, verdict }, json, context);
  if (verdict === "content") context.err("The server takes the content within one interval.\n");
}

/** What that update was about, however often one has come back to it. */
const subjectOf = ({ message }: Update): string => message.replace(/^planet rollback: to update \d+, /, "");
