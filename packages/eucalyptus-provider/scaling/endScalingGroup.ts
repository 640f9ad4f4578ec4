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

/** Readers first, where the group still serves some. In a destroy nobody is to serve any more. */
async function leaveBalancers(cloud: CloudContext, urn: string, live: AutoScalingGroup): Promise<void> {
  if (!cloud.run.hasProgram || live.members.length === 0) return;
  const balancers = await cloud.elb.describeLoadBalancers();
  const ids = live.members.map(({ instanceId }) => instanceId);
  for (const { name, instanceIds } of balancers.filter((each) => live.loadBalancerNames.includes(each.name))) {
    const registered = instanceIds.filter((id) => ids.includes(id));
    if (registered.length === 0) continue;
    const what = `the Auto Scaling group ${live.name} was not deleted`;
    await untilOthersServe(cloud, { urn, balancer: name, instanceIds: registered, what });
    // Who is healed meanwhile does not come back.
    await cloud.autoScaling.suspendProcesses(live.name, ["AddToLoadBalancer"]);
    await deregisterAndDrain(cloud, { urn, balancers: [name], instanceIds: registered });
  }
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
