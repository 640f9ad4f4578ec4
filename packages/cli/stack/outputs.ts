import { addressesOf } from "@planet/eucalyptus-client/nameServer";
import { type Context, OperatorError } from "../command.ts";
import { record } from "../text/json.ts";
import type { PulumiReader } from "./runPulumi.ts";
import { readStackSettings, stackOption } from "./settings.ts";

/** Where to look when the CLI cannot read something of a stack. */
export const doctorNext = (stack: string): string =>
  `\`npx planet doctor --stack ${stack}\` checks tools, state and cloud.`;

/** What the last successful update left, from the stack's outputs. */
export interface Deployment {
  readonly url: string;
  /** Where it is asked from here: the elastic address, or one of those that a balancer's name leads to now. */
  readonly address: string;
  /** Empty behind a balancer, where servers come and go by themselves. */
  readonly instanceId: string;
  readonly release: string;
  /** How many are behind a balancer; absent for one server behind an elastic address. */
  readonly servers?: number;
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
  const { url, address, instanceId, release, dnsName, servers } = record(JSON.parse(stdout));
  if (typeof dnsName === "string") {
    const { endpoint } = await readStackSettings(read, stack, context);
    const place = await balancerAddress(dnsName, endpoint);
    return { url: String(url), address: place, instanceId: "", release: String(release), servers: Number(servers) };
  }
  const all = [url, address, instanceId, release];
  if (!all.every((value) => typeof value === "string" && value !== "")) return undefined;
  const [a = "", b = "", c = "", d = ""] = all.map(String);
  return { url: a, address: b, instanceId: c, release: d };
}

/** One of a balancer's addresses; its name where nobody knows any, so that whoever asks it hears why. */
export async function balancerAddress(dnsName: string, endpoint: string): Promise<string> {
  const [address = dnsName] = await addressesOf(dnsName, new URL(endpoint).hostname).catch(() => [dnsName]);
  return address;
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
