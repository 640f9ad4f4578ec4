import type { AutoScalingGroup, GroupSettings } from "@planet/eucalyptus-client";
import type { CloudContext } from "../cloudContext.ts";
import { inDoubt } from "../inDoubt.ts";
import { membersInService } from "./awaitMembers.ts";
import { deregisterAndDrain } from "./drain.ts";
import { settingsIn, withSizes } from "./groupSettings.ts";

interface Lower {
  readonly urn: string;
  readonly live: AutoScalingGroup;
  readonly wanted: GroupSettings;
}

/**
 * Ends the members that are too many, after readers have left them: the cloud itself would end them within the same tenth of a
 * second in which it takes them out of the balancer. Safe to repeat: who has been taken out goes first. The sizes are not set
 * here, but for the least one, which would bring them back.
 */
export async function lowerGroup(cloud: CloudContext, { urn, live, wanted }: Lower): Promise<void> {
  const { autoScaling } = cloud;
  const { name, loadBalancerNames: balancers } = live;
  const surplus = await surplusMembers(cloud, live, wanted.desiredCapacity);
  if (surplus.length === 0) return;
  const { maxSize, desiredCapacity } = live;
  const minSize = Math.min(live.minSize, wanted.minSize);
  if (minSize < live.minSize) {
    await autoScaling.updateGroup(name, withSizes(settingsIn(live), minSize, maxSize, desiredCapacity));
  }
  await deregisterAndDrain(cloud, { urn, balancers, instanceIds: surplus });
  for (const instanceId of surplus) {
    const isLeaving = async () => {
      const members = (await autoScaling.findGroup(name))?.members ?? [];
      const member = members.find((each) => each.instanceId === instanceId);
      return !member || member.lifecycleState.startsWith("Terminat") ? true : undefined;
    };
    await inDoubt(cloud, () => autoScaling.terminateMember(instanceId).then(() => true), isLeaving);
  }
}

/** Not in service first, then not in a balancer, then the newest. */
async function surplusMembers(
  { autoScaling, elb }: CloudContext,
  live: AutoScalingGroup,
  wanted: number,
): Promise<string[]> {
  const staying = live.members.filter(({ lifecycleState }) => !lifecycleState.startsWith("Terminat"));
  if (staying.length <= wanted) return [];
  const balancers = await elb.describeLoadBalancers();
  const ours = balancers.filter(({ name }) => live.loadBalancerNames.includes(name));
  const registered = new Set(ours.flatMap(({ instanceIds }) => instanceIds));
  const inService = new Set(membersInService(live));
  const activities = await autoScaling.describeActivities(live.name);
  const age = (id: string) => {
    const index = activities.findIndex(({ description }) => description.includes(id));
    return index === -1 ? activities.length : index;
  };
  const rank = (id: string): readonly number[] => [inService.has(id) ? 1 : 0, registered.has(id) ? 1 : 0, age(id)];
  return staying
    .map(({ instanceId }) => instanceId)
    .toSorted((a, b) => compare(rank(a), rank(b)))
    .slice(0, staying.length - wanted);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
