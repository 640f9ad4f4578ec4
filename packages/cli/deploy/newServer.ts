import { join } from "node:path";
import { type Context, OperatorError } from "../command.ts";
import type { Proof } from "../page/proof.ts";
import { pageUrl } from "../page/readServed.ts";
import { readGeneration, StackFileError, setGeneration } from "../stack/generation.ts";
import { highestGeneration } from "../stack/history/inService.ts";
import { withMark } from "../stack/history/mark.ts";
import type { Update } from "../stack/history/updates.ts";
import type { Deployment } from "../stack/outputs.ts";
import { deployProbed } from "./deploy.ts";
import type { OperationEdges } from "./edges.ts";
import type { Sources } from "./sources.ts";

/** The stack's file with the next generation, not written yet. */
export interface Raise {
  readonly file: string;
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly from: number;
  readonly to: number;
}

/** Higher than every one that was tried: with an equal one, `up` would take over the server that failed then. */
export async function planRaise(
  stack: string,
  updates: readonly Update[],
  { readText }: OperationEdges,
  { checkout }: Context,
): Promise<Raise> {
  const name = `Pulumi.${stack}.yaml`;
  const file = join(checkout, name);
  const before = await readText(file);
  try {
    const from = readGeneration(before ?? "");
    const to = Math.max(from, highestGeneration(updates)) + 1;
    return { file, name, before, after: setGeneration(before ?? "", to), from, to };
  } catch (error) {
    if (!(error instanceof StackFileError)) throw error;
    throw new OperatorError({
      code: "GENERATION_NOT_RAISED",
      what: `The generation in ${name} cannot be raised:`,
      why: `${error.message}.`,
      next: "Correct the file and repeat. Nothing was changed.",
    });
  }
}

export interface NewServerRequest {
  readonly verb: "roll" | "recover";
  readonly stack: string;
  readonly deployed: Deployment;
  readonly raise: Raise;
  readonly sources: Sources;
  readonly json: boolean;
}

/**
 * Writes the next generation and deploys it.
 * @throws {OperatorError} when the update failed; the file then names the generation that is in service.
 */
export async function deployNewServer(
  request: NewServerRequest,
  edges: OperationEdges,
  context: Context,
): Promise<Proof> {
  const { verb, stack, deployed, raise, sources, json } = request;
  const text = `planet ${verb}: generation ${raise.to}`;
  const message = sources.commit === undefined ? text : withMark(text, { commit: sources.commit });
  await edges.writeText(raise.file, raise.after);
  const { succeeded, proof } = await deployProbed({ stack, before: deployed, message, json }, edges, context);
  if (succeeded) return proof;

  const isNew = await newServerServes(request, edges, context);
  const what = "`npx pulumi up` failed; its reason is above.";
  if (isNew === false) {
    await edges.writeText(raise.file, raise.before ?? "");
    throw new OperatorError({
      code: "NEW_SERVER_FAILED",
      what,
      next:
        `${deployed.servers === undefined ? `The old server ${deployed.instanceId} has kept the address` : "The old servers serve readers"}, so ${raise.name} is back at generation ${raise.from}.\n` +
        `\`npx planet ${verb} --stack ${stack}\` tries again with another new server; \`npx pulumi up --stack ${stack}\` removes what is left of this try.`,
    });
  }
  const seen = isNew ? "The new release serves readers" : "Whether the new release serves readers could not be seen";
  throw new OperatorError({
    code: "NEW_SERVER_UNFINISHED",
    what,
    next:
      `${seen}, so ${raise.name} stays at generation ${raise.to}.\n` +
      `\`npx pulumi up --stack ${stack}\` continues from here and makes no further server.`,
    exitCode: 3,
  });
}

/** Undefined when neither the page nor the cloud shows it. */
async function newServerServes(
  { stack, deployed }: NewServerRequest,
  { page, cloud }: OperationEdges,
  context: Context,
): Promise<boolean | undefined> {
  const seen = await page(pageUrl(deployed));
  if (seen.kind === "planet" && seen.status.release !== deployed.release) return true;
  try {
    const { address } = await cloud(stack, deployed, context);
    if (address.state === "ours" && address.holder !== "") return address.holder !== deployed.instanceId;
  } catch {
    // What readers get has to be enough.
  }
  return seen.kind === "planet" ? false : undefined;
}

export function commitReminder({ name, to }: Raise, verb: string): string {
  return `\nKeep the new generation: git commit -m "${verb}: generation ${to}" ${name}\n`;
}
