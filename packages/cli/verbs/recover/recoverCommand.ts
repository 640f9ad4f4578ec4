import { type Command, type Context, createCommand, OperatorError } from "../../command.ts";
import { deployProbed, showProof } from "../../deploy/deploy.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { commitReminder, deployNewServer, planRaise } from "../../deploy/newServer.ts";
import { agree, completeOptions, OPTIONS, type Options } from "../../deploy/options.ts";
import { refuseLocked } from "../../deploy/refuseLocked.ts";
import { checkSources, type Sources } from "../../deploy/sources.ts";
import { withMark } from "../../stack/history/mark.ts";
import { readHistory } from "../../stack/history/readHistory.ts";
import { type Deployment, neededDeployment } from "../../stack/outputs.ts";
import { look } from "./look.ts";

export const recoverCommand = createRecoverCommand(realOperationEdges);

/** Brings the planet back: what is gone is made again, what exists and does not serve is replaced. */
export function createRecoverCommand(edges: OperationEdges): Command {
  return createCommand({
    name: "recover",
    summary: "Look what is gone or does not serve, and bring it back at the same address",
    options: OPTIONS,
    run: async ({ values }, context) => recover(await completeOptions(values, edges, context), edges, context),
  });
}

async function recover(options: Options, edges: OperationEdges, context: Context): Promise<number> {
  const { stack, json } = options;
  const deployed = await neededDeployment(stack, edges, context);
  const { verdict, isServed, lines } = await look(stack, deployed, edges, context);
  context.err(`${lines.map((line) => `  ${line}`).join("\n")}\n`);
  if (verdict === "well") {
    context.err("All is well: nothing was changed.\n");
    if (json) context.out(`${JSON.stringify({ stack, found: verdict }, null, 2)}\n`);
    return 0;
  }
  await refuseLocked(stack, edges, context);
  const updates = await readHistory(stack, edges, context);
  if (isServed && updates.at(-1)?.result === "failed") {
    throw new OperatorError({
      code: "NOTHING_TO_RECOVER",
      what: "There is nothing to recover.",
      why: "The last update failed, and readers still get the page of what was there before.",
      next: `Fix the reason and run \`npx pulumi up --stack ${stack}\`, or go back: \`npx planet rollback --stack ${stack}\`. Nothing was changed.`,
    });
  }
  const sources = await checkSources({ stack, allowed: options.allowDirty, updates }, edges, context);
  if (verdict === "gone") {
    context.err("What is gone is made again: `npx pulumi up`.\n");
    await agree("Recover?", options, edges);
    return remake(options, deployed, sources, edges, context);
  }
  const raise = await planRaise(stack, updates, edges, context);
  const { instanceId, servers } = deployed;
  context.err(
    servers === undefined
      ? `${instanceId} exists and does not serve: a new server, of generation ${raise.to} (${raise.name}), takes its place.\n`
      : `The servers exist and do not serve: ${servers} new ones, of generation ${raise.to} (${raise.name}), take their place.\n`,
  );
  await agree("Recover?", options, edges);
  const proof = await deployNewServer({ verb: "recover", stack, deployed, raise, sources, json }, edges, context);
  showProof(proof, { stack, found: verdict, generation: raise.to }, json, context);
  context.err(commitReminder(raise, "recover"));
  return 0;
}

async function remake(
  { stack, json }: Options,
  deployed: Deployment,
  { commit }: Sources,
  edges: OperationEdges,
  context: Context,
): Promise<number> {
  const text = "planet recover: make again what is gone";
  const message = commit === undefined ? text : withMark(text, { commit });
  const { succeeded, proof } = await deployProbed({ stack, before: deployed, message, json }, edges, context);
  if (!succeeded) {
    throw new OperatorError({
      code: "RECOVERY_FAILED",
      what: "`npx pulumi up` failed; its reason is above.",
      next: "Fix the reason and repeat `npx planet recover`: it continues from what is there.",
      exitCode: 3,
    });
  }
  showProof(proof, { stack, found: "gone" }, json, context);
  return 0;
}
