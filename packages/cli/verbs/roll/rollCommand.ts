import { type Command, type Context, createCommand } from "../../command.ts";
import { showProof } from "../../deploy/deploy.ts";
import { type OperationEdges, realOperationEdges } from "../../deploy/edges.ts";
import { commitReminder, deployNewServer, planRaise } from "../../deploy/newServer.ts";
import { agree, completeOptions, OPTIONS, type Options } from "../../deploy/options.ts";
import { refuseLocked } from "../../deploy/refuseLocked.ts";
import { checkSources } from "../../deploy/sources.ts";
import { describeSilent } from "../../page/notYet.ts";
import { pageUrl } from "../../page/readServed.ts";
import { inServiceOf } from "../../stack/history/inService.ts";
import { readHistory } from "../../stack/history/readHistory.ts";
import { neededDeployment } from "../../stack/outputs.ts";
import { visible } from "../../text/visible.ts";

export const rollCommand = createRollCommand(realOperationEdges);

/** A security update: another server of equal settings, which installs today's packages when it boots. */
export function createRollCommand(edges: OperationEdges): Command {
  return createCommand({
    name: "roll",
    summary: "Replace the server by a new one with today's packages, without a failed request",
    options: OPTIONS,
    run: async ({ values }, context) => roll(await completeOptions(values, edges, context), edges, context),
  });
}

async function roll(options: Options, edges: OperationEdges, context: Context): Promise<number> {
  const { stack, allowDirty, json } = options;
  const deployed = await neededDeployment(stack, edges, context);
  await edges.cloud(stack, deployed, context); // without keys or a cloud it stops here, with every file as it was
  await refuseLocked(stack, edges, context);
  const updates = await readHistory(stack, edges, context);
  const inService = inServiceOf(updates);
  const sources = await checkSources({ stack, allowed: allowDirty, updates }, edges, context);
  const raise = await planRaise(stack, updates, edges, context);
  const isOlder =
    inService?.commit !== undefined && sources.commit !== undefined && inService.commit !== sources.commit;
  context.err(
    [
      deployed.servers === undefined
        ? `A new server of generation ${raise.to} (${raise.name}) will be made; ${deployed.instanceId} serves until it is ready, and is then deleted.`
        : `${deployed.servers} new servers of generation ${raise.to} (${raise.name}) will be made; the old ones serve until all of them are ready, and are then deleted.`,
      ...(isOlder
        ? [
            `It will be made from this checkout's commit ${sources.commit?.slice(0, 8)}; the last update was made from ${inService?.commit?.slice(0, 8)}.`,
          ]
        : []),
      "",
    ].join("\n"),
  );
  const page = await edges.page(pageUrl(deployed));
  if (page.kind === "planet") context.err(visible(describeSilent(page.status)));
  await agree("Roll?", options, edges);

  const proof = await deployNewServer({ verb: "roll", stack, deployed, raise, sources, json }, edges, context);
  showProof(proof, { stack, generation: raise.to }, json, context);
  context.err(commitReminder(raise, "roll"));
  return 0;
}
