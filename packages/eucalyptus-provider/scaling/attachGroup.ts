import { type AutoScalingGroup, type InstanceHealth, isCloudError } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { ProviderError } from "../providerError.ts";
import { waitUntil } from "../waitUntil.ts";
import { groupGone, membersInService } from "./awaitMembers.ts";

const ATTACH_SECONDS = 900;
/** Auto Scaling registers a new member itself, at its next tick. */
const REGISTERS_IN_SECONDS = 20;

/** A group and the balancer that its members are in. */
export interface Pair {
  readonly group: string;
  readonly balancer: string;
}

/**
 * Eucalyptus cannot attach a balancer to a group that was made without it, so the group names it from the start and has
 * AddToLoadBalancer suspended.
 * @throws {ProviderError} `BALANCER_NOT_OF_GROUP`
 */
export async function refuseForeignBalancer({ autoScaling }: CloudContext, { group, balancer }: Pair): Promise<void> {
  const live = await autoScaling.findGroup(group);
  if (!live) throw groupGone(group);
  if (live.loadBalancerNames.includes(balancer)) return;
  throw new ProviderError({
    code: "BALANCER_NOT_OF_GROUP",
    what: `${group} was not attached to the load balancer ${balancer}`,
    why: "on Eucalyptus a group has its load balancers from its creation on",
    next: `Give the group loadBalancers: ["${balancer}"] and suspendedProcesses: ["AddToLoadBalancer"].`,
  });
}

interface Attach extends Pair {
  readonly urn: string;
  /** 0: as long as it may take. */
  readonly seconds: number;
}

/**
 * Registers the members and waits until the balancer has found each of them healthy, then lets Auto Scaling register those to
 * come. Meanwhile nobody is judged: a registration under way counts as out of service, and a group whose check is ELB would
 * end all its members for it. Seen on 5.1.0. Safe to repeat from the start.
 */
export async function attachGroup(cloud: CloudContext, { urn, group, balancer, seconds }: Attach): Promise<void> {
  const { autoScaling } = cloud;
  await autoScaling.suspendProcesses(group, ["HealthCheck"]);
  await untilInService(cloud, { urn, group, balancer, seconds });
  await autoScaling.resumeProcesses(group, ["AddToLoadBalancer"]);
  // Who came between the last look and that is marked as registered, and never will be.
  await untilInService(cloud, { urn, group, balancer, seconds });
  await autoScaling.resumeProcesses(group, ["HealthCheck"]);
}

async function untilInService(cloud: CloudContext, { urn, group, balancer, seconds }: Attach): Promise<void> {
  const { autoScaling, elb } = cloud;
  const next =
    "It is kept; find out why the servers do not pass the load balancer's health check, then run `pulumi up` again.";
  const what = `all of ${group} were in service at the load balancer ${balancer}`;
  await waitUntil(cloud, { urn, what, seconds: seconds || ATTACH_SECONDS, next }, async () => {
    const live = await autoScaling.findGroup(group);
    if (!live) throw groupGone(group);
    const members = membersInService(live);
    if (members.length < live.desiredCapacity) {
      return `${members.length} of ${live.desiredCapacity} members of ${group} are in service`;
    }
    const health = await elb.describeInstanceHealth(balancer);
    const missing = members.filter((id) => !health.some(({ instanceId }) => instanceId === id));
    if (missing.length > 0) return register(cloud, balancer, missing);
    const out = health.filter(({ instanceId, state }) => members.includes(instanceId) && state !== "InService");
    return out.length === 0 ? {} : `${balancer}: ${out.map(describeHealth).join("; ")}`;
  });
}

const describeHealth = ({ instanceId, state, description }: InstanceHealth): string =>
  `${instanceId} is ${state} (${description})`;

/** A member that ends just now makes the cloud refuse all: then the next look finds who is left. */
async function register({ elb }: CloudContext, balancer: string, instanceIds: readonly string[]): Promise<string> {
  try {
    await elb.registerInstances(balancer, instanceIds);
    return `${instanceIds.join(", ")} were registered with the load balancer ${balancer}`;
  } catch (error) {
    if (!isCloudError(error, "InvalidEndPoint")) throw error;
    return `${instanceIds.join(", ")} cannot be registered yet (${error.detail})`;
  }
}

/** The group, when it is attached; else why it is not. A member that has just come is given the time until it is registered. */
export async function findAttached(cloud: CloudContext, urn: string, pair: Pair): Promise<AutoScalingGroup | string> {
  for (let waited = 0; ; waited += REGISTERS_IN_SECONDS / 4) {
    const found = await lookAt(cloud, pair);
    if ("live" in found) return found.live;
    if (!found.isPassing || waited >= REGISTERS_IN_SECONDS || cloud.cancelled.aborted) return found.why;
    cloud.log.status(urn, found.why);
    await cloud.sleep((REGISTERS_IN_SECONDS / 4) * 1000);
  }
}

type Look = { readonly live: AutoScalingGroup } | { readonly why: string; readonly isPassing: boolean };

async function lookAt({ autoScaling, elb }: CloudContext, { group, balancer }: Pair): Promise<Look> {
  const [live, described] = await Promise.all([autoScaling.findGroup(group), elb.findLoadBalancer(balancer)]);
  if (!live) return { why: `the group ${group} is gone`, isPassing: false };
  if (!described) return { why: `the load balancer ${balancer} is gone`, isPassing: false };
  const suspended = ["AddToLoadBalancer", "HealthCheck"].filter((name) => live.suspendedProcesses.includes(name));
  if (suspended.length > 0) return { why: `${group} has ${suspended.join(" and ")} suspended`, isPassing: false };
  const missing = membersInService(live).filter((id) => !described.instanceIds.includes(id));
  if (missing.length === 0) return { live };
  return {
    why: `${missing.join(", ")} of ${group} are not registered with the load balancer ${balancer}`,
    isPassing: true,
  };
}
