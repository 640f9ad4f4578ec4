import { type Context, OperatorError } from "../command.ts";
import { record } from "../text/json.ts";
import type { PulumiReader } from "./runPulumi.ts";
import { stackOption } from "./settings.ts";

/** Where to look when the CLI cannot read something of a stack. */
export const doctorNext = (stack: string): string =>
  `\`npx planet doctor --stack ${stack}\` checks tools, state and cloud.`;

/** What the last successful update left, from the stack's outputs. */
export interface Deployment {
  readonly url: string;
  readonly address: string;
  readonly instanceId: string;
  readonly release: string;
}

/** The stack that is meant: the named one, else the one that is selected. */
export async function stackName(wanted: string, { read }: PulumiReader, context: Context): Promise<string> {
  const { code, stdout } = await read(["stack", "--show-name", "--non-interactive", ...stackOption(wanted)], context);
  const name = stdout.trim().split("/").at(-1) ?? "";
  if (code === 0 && name !== "") return name;
  throw new OperatorError({
    code: "STACK_NOT_FOUND",
    what: "There is no such stack, or the place where its state is kept cannot be read; the reason is above.",
    next: "`npx pulumi stack ls` lists the stacks; `npx planet doctor` says which of the two it is.",
  });
}

/** Undefined before the first update that came to its end. */
export async function readDeployment(
  stack: string,
  { read }: PulumiReader,
  context: Context,
): Promise<Deployment | undefined> {
  const { code, stdout } = await read(["stack", "output", "--json", "--non-interactive", "--stack", stack], context);
  if (code !== 0) {
    throw new OperatorError({
      code: "OUTPUTS_UNREADABLE",
      what: "The stack's outputs cannot be read; the reason is above.",
      next: doctorNext(stack),
    });
  }
  const { url, address, instanceId, release } = record(JSON.parse(stdout));
  const all = [url, address, instanceId, release];
  if (!all.every((value) => typeof value === "string" && value !== "")) return undefined;
  const [a = "", b = "", c = "", d = ""] = all.map(String);
  return { url: a, address: b, instanceId: c, release: d };
}

/** @throws {OperatorError} before the first update. */
export async function neededDeployment(stack: string, edges: PulumiReader, context: Context): Promise<Deployment> {
  const found = await readDeployment(stack, edges, context);
  if (found) return found;
  throw new OperatorError({
    code: "NOT_DEPLOYED",
    what: `Nothing is deployed in stack "${stack}".`,
    next: `\`npx pulumi up --stack ${stack}\` deploys it. Nothing was changed.`,
  });
}
