import { parseArgs } from "node:util";
import { type Command, type Context, OperatorError } from "../command.ts";
import { inServiceOf } from "../history/inService.ts";
import { showProof } from "../operation/deploy.ts";
import { neededDeployment, stackName } from "../operation/deployment.ts";
import { edges as genuine, type OperationEdges } from "../operation/edges.ts";
import { readHistory } from "../operation/history.ts";
import { commitReminder, deployNewServer, planRaise } from "../operation/newServer.ts";
import { checkSources } from "../operation/sources.ts";

export const rollCommand = createRollCommand(genuine);

/** A security update: another server of equal settings, which installs today's packages when it boots. */
export function createRollCommand(edges: OperationEdges): Command {
  return {
    name: "roll",
    summary: "Replace the server by a new one with today's packages, without a failed request",
    usage: "planet roll [--yes] [--allow-dirty] [--json] [--stack <stack>]",

    async run(argv, context) {
      const { values } = parseArgs({
        args: argv,
        options: {
          stack: { type: "string", default: "" },
          yes: { type: "boolean", default: false },
          "allow-dirty": { type: "boolean", default: false },
          json: { type: "boolean", default: false },
        },
      });
      const stack = await stackName(values.stack, edges, context);
      return roll({ stack, yes: values.yes, allowDirty: values["allow-dirty"], json: values.json }, edges, context);
    },
  };
}

async function roll(
  { stack, yes, allowDirty, json }: { stack: string; yes: boolean; allowDirty: boolean; json: boolean },
  edges: OperationEdges,
  context: Context,
): Promise<number> {
  const deployed = await neededDeployment(stack, edges, context);
  await edges.cloud(stack, deployed, context); // without keys or a cloud it stops here, with every file as it was
  const updates = await readHistory(stack, edges, context);
  const inService = inServiceOf(updates);
  const sources = await checkSources({ stack, allowed: allowDirty, updates }, edges, context);
  const raise = await planRaise(stack, updates, edges, context);
  const isOlder =
    inService?.commit !== undefined && sources.commit !== undefined && inService.commit !== sources.commit;
  context.err(
    [
      `A new server is made, of generation ${raise.to} (${raise.name}); ${deployed.instanceId} serves until it is ready, then it goes.`,
      ...(isOlder
        ? [
            `It is of this checkout's commit ${sources.commit?.slice(0, 8)}; the last update was of ${inService?.commit?.slice(0, 8)}.`,
          ]
        : []),
      "",
    ].join("\n"),
  );
  if (!yes && !(await edges.confirm("Roll?"))) throw new OperatorError("Nothing was changed.");

  const proof = await deployNewServer({ verb: "roll", stack, deployed, raise, sources, json }, edges, context);
  showProof(proof, { stack, generation: raise.to }, json, context);
  context.err(commitReminder(raise, "roll"));
  return 0;
}
