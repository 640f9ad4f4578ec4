import { balancerName } from "@planet/content/marks";
import { messageOf } from "@planet/errors";
import type { Elb, SERVICE_NOT_ENABLED } from "@planet/eucalyptus-client";
import { STACK_TAG } from "@planet/eucalyptus-client/marks";
import { RefusedDeploy } from "../../settings/refusedDeploy.ts";
import type { Settings } from "../../settings/settings.ts";

/** What of the client the check asks. */
export type BalancerReader = Pick<Elb, "describeLoadBalancers" | "describeTags">;

/** With the client, which most planets need not load. @throws {MissingCredentialsError} */
export async function balancerReader({
  endpoint,
  region,
}: Pick<Settings, "endpoint" | "region">): Promise<BalancerReader> {
  const { createClock, createElb, credentialsFromEnvironment, serviceUrls } = await import("@planet/eucalyptus-client");
  const credentials = credentialsFromEnvironment(process.env);
  return createElb(serviceUrls(endpoint).elb, { region, credentials, clock: createClock() });
}

/** The client's word for a service that a cloud does not have. */
const NOT_ENABLED: typeof SERVICE_NOT_ENABLED = "ServiceNotEnabled";

/**
 * Whether the cloud can balance, and the name is free or ours: asked before anything is made.
 * @throws {RefusedDeploy} `NO_BALANCING`, `BALANCER_TAKEN`
 */
export async function checkBalancer(
  { project, stack }: { readonly project: string; readonly stack: string },
  elb: BalancerReader,
): Promise<void> {
  const name = balancerName(stack);
  const found = await elb.describeLoadBalancers().catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === NOT_ENABLED)) throw error;
    throw new RefusedDeploy(
      {
        code: "NO_BALANCING",
        what: "planet:servers cannot be had on this cloud",
        why: `Load balancing is not enabled there (${messageOf(error)}).`,
        next: "Its administrator installs the service image: `esi-install-image --install-default`. Without planet:servers the planet has one server. Nothing was changed.",
      },
      { cause: error },
    );
  });
  // The cloud takes names that differ in case alone for the same.
  const other = found.find((balancer) => balancer.name.toLowerCase() === name.toLowerCase());
  if (other === undefined) return;
  const owner = (await elb.describeTags(other.name))[STACK_TAG];
  if (other.name === name && owner === `${project}/${stack}`) return;
  throw new RefusedDeploy({
    code: "BALANCER_TAKEN",
    what: `the load balancer ${other.name} is not this stack's`,
    why: owner === undefined ? "Nothing says who has made it." : `The stack ${owner} has made it.`,
    next: "Delete it if nobody needs it (`eulb-delete-lb`), or rename this stack: its balancer's name is made of it. Nothing was changed.",
  });
}
