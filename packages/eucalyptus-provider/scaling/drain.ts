import { isCloudError } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { waitUntil } from "../waitUntil.ts";

/** The slowest way by which a balancer's worker learns of a change: its own poll. */
const LEARNS_IN_SECONDS = 60;
const MARGIN_SECONDS = 5;
const ATTEMPTS = 2;

interface Drain {
  readonly urn: string;
  readonly balancers: readonly string[];
  readonly instanceIds: readonly string[];
}

/**
 * Takes servers out of their balancers and waits until none can get another request: after a change a worker's old process
 * still serves one more request on each connection that is open, within the idle timeout. Seen on HAProxy 1.5.18.
 */
export async function deregisterAndDrain(cloud: CloudContext, drain: Drain): Promise<void> {
  if (drain.instanceIds.length === 0) return;
  // A member that had just come is registered by Auto Scaling after we have taken it out; once.
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await drainOnce(cloud, drain);
    if (!(await isBack(cloud, drain))) return;
  }
}

async function isBack({ elb }: CloudContext, { balancers, instanceIds }: Drain): Promise<boolean> {
  const live = await elb.describeLoadBalancers();
  const registered = live.filter(({ name }) => balancers.includes(name)).flatMap((balancer) => balancer.instanceIds);
  return registered.some((id) => instanceIds.includes(id));
}

async function drainOnce(cloud: CloudContext, { urn, balancers, instanceIds }: Drain): Promise<void> {
  const idle = await Promise.all(balancers.map((balancer) => takeOut(cloud, balancer, instanceIds)));
  const there = idle.filter((seconds) => seconds !== undefined);
  if (there.length === 0) return;
  const total = LEARNS_IN_SECONDS + Math.max(...there) + MARGIN_SECONDS;
  const next = "They take no new requests; run the command again.";
  const facts = { urn, what: `${instanceIds.join(", ")} had no reader`, seconds: total + MARGIN_SECONDS, next };
  await waitUntil(cloud, facts, (waitedMs) => {
    const left = total - Math.floor(waitedMs / 1000);
    const text = `${instanceIds.join(", ")} left the load balancer, readers' last requests have ${left} s more`;
    return Promise.resolve(left <= 0 ? {} : text);
  });
}

/** Answers the balancer's idle timeout in seconds, undefined when the balancer is not there. */
async function takeOut({ elb }: CloudContext, balancer: string, ids: readonly string[]): Promise<number | undefined> {
  try {
    const { idleTimeout } = await elb.describeAttributes(balancer);
    await elb.deregisterInstances(balancer, ids);
    return idleTimeout;
  } catch (error) {
    if (isCloudError(error, "AccessPointNotFound")) return undefined;
    throw error;
  }
}
