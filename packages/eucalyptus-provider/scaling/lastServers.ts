import { isCloudError } from "@planet/eucalyptus-client";
import { balancerKey } from "../balancer/balancerKey.ts";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";
import { waitUntil } from "../waitUntil.ts";

/** Servers that come in the same run are in service at the balancer within this. */
const OTHERS_SECONDS = 120;

interface Leaving {
  readonly urn: string;
  readonly balancer: string;
  readonly instanceIds: readonly string[];
  /** What would be done: `the group was not deleted`. */
  readonly what: string;
}

/**
 * A balancer that the program keeps does not lose its last servers: after an interrupted update the state may think that
 * others are in it. A destroy runs no program, and takes them.
 * @throws {ProviderError} `LAST_SERVERS`; nothing was taken out.
 */
export async function untilOthersServe(cloud: CloudContext, leaving: Leaving): Promise<void> {
  const { urn, balancer, instanceIds, what } = leaving;
  if (!cloud.run.hasProgram || cloud.run.keeperOf(balancerKey(balancer)) === undefined) return;
  const facts = { urn, what: `others than ${instanceIds.join(", ")} served`, seconds: OTHERS_SECONDS, next: "" };
  try {
    await waitUntil(cloud, facts, async () => {
      const inService = await serving(cloud, balancer);
      const isFine = inService.length === 0 || inService.some((id) => !instanceIds.includes(id));
      return isFine ? {} : `no other server is in service at the load balancer ${balancer}`;
    });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== "WAITED_TOO_LONG") throw error;
    throw new ProviderError(
      {
        code: "LAST_SERVERS",
        what,
        why: `the load balancer ${balancer} would have no server: only ${instanceIds.join(", ")} of this group serve readers`,
        next:
          "Run `pulumi up` again: it puts the servers of your settings in first. " +
          `To take them out all the same: eulb-deregister-instances-from-lb --instances ${instanceIds.join(",")} ${balancer}`,
      },
      { cause: error },
    );
  }
}

async function serving({ elb }: CloudContext, balancer: string): Promise<string[]> {
  try {
    const health = await elb.describeInstanceHealth(balancer);
    return health.filter(({ state }) => state === "InService").map(({ instanceId }) => instanceId);
  } catch (error) {
    if (isCloudError(error, "AccessPointNotFound")) return [];
    throw error;
  }
}
