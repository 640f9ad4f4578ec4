import { type AutoScalingGroup, isCloudError } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { waitUntil } from "../waitUntil.ts";
import { deregisterAndDrain } from "./drain.ts";
import { settingsIn, withSizes } from "./groupSettings.ts";
import { untilOthersServe } from "./lastServers.ts";

const END_SECONDS = 900;
/** A member in transition blocks every change of size: then the cloud is made to forget the group. */
const STUCK_MS = 300_000;

interface End {
  readonly urn: string;
  readonly id: string;
  readonly isForced: boolean;
  /** 0: as long as a group may take. */
  readonly seconds: number;
}

/** Ends the members, then the group, and waits until EC2 says that they are terminated: so long are their security groups held. */
export async function endScalingGroup(cloud: CloudContext, { urn, id, isForced, seconds }: End): Promise<void> {
  const { autoScaling, ec2 } = cloud;
  const live = await autoScaling.findGroup(id);
  if (live) {
    await leaveBalancers(cloud, urn, live);
    await autoScaling.updateGroup(id, withSizes(settingsIn(live), 0, 0, 0));
  }
  const next = "Its members are on their way out; run the command again to wait on.";
  const facts = { urn, what: `the members of ${id} were terminated`, seconds: seconds || END_SECONDS, next };
  await waitUntil(cloud, facts, async (waitedMs) => {
    const group = await autoScaling.findGroup(id);
    const left = group?.members.length ?? 0;
    const isStuck = left > 0 && (isForced || waitedMs >= STUCK_MS);
    if (group && left > 0 && !isStuck) return `${left} members of ${id} are on their way out`;
    if (group && !(await tryDelete(cloud, id, isStuck))) return `${id} is still scaling`;
    const started = await ec2.describeInstances({ "tag:aws:autoscaling:groupName": [id] });
    const running = started.filter(({ state }) => state !== "terminated");
    return running.length === 0 ? {} : running.map(({ instanceId, state }) => `${instanceId} is ${state}`).join(", ");
  });
}

/**
 * Readers first, where the group still serves some. In a destroy nobody is to serve any more. The processes say whether the last
 * readers have left: AddToLoadBalancer alone is suspended before a group is attached and after that has ended; while an
 * attachment is made or ended, and after a kill in between, HealthCheck is, too.
 */
async function leaveBalancers(cloud: CloudContext, urn: string, live: AutoScalingGroup): Promise<void> {
  const { autoScaling, elb, run } = cloud;
  const { name, loadBalancerNames, suspendedProcesses } = live;
  if (!run.hasProgram || live.members.length === 0 || loadBalancerNames.length === 0) return;
  const ids = live.members.map(({ instanceId }) => instanceId);
  const balancers = (await elb.describeLoadBalancers()).filter((each) => loadBalancerNames.includes(each.name));
  const serving = balancers.filter(({ instanceIds }) => instanceIds.some((id) => ids.includes(id)));
  const isOut = suspendedProcesses.includes("AddToLoadBalancer") && !suspendedProcesses.includes("HealthCheck");
  if (isOut && serving.length === 0) return;
  for (const { name: balancer } of serving) {
    const what = `the Auto Scaling group ${name} was not deleted`;
    await untilOthersServe(cloud, { urn, balancer, instanceIds: ids, what });
  }
  await deregisterAndDrain(cloud, { urn, balancers: balancers.map((each) => each.name), instanceIds: ids });
  await autoScaling.suspendProcesses(name, ["AddToLoadBalancer"]);
  await autoScaling.resumeProcesses(name, ["HealthCheck"]);
}

/** False while the cloud refuses it because members are in transition. */
async function tryDelete(cloud: CloudContext, id: string, isForced: boolean): Promise<boolean> {
  const { autoScaling } = cloud;
  const isGone = async () => ((await autoScaling.findGroup(id)) ? undefined : true);
  try {
    return await inDoubt(cloud, () => autoScaling.deleteGroup(id, { isForced }).then(() => true), isGone);
  } catch (error) {
    if (isCloudError(error, "ResourceInUse", "ScalingActivityInProgress")) return false;
    throw error;
  }
}
