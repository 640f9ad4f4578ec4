import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import type { CloudContext } from "../cloudContext.ts";
import { stackIn } from "../urn.ts";
import { groupKey } from "./claimScalingGroup.ts";
import { tagValue } from "./groupTags.ts";

/** Groups of this stack that a run had begun to make when it died, and that no state has: nobody else would name them again. */
export async function leftoverGroups(cloud: CloudContext, urn: string): Promise<AutoScalingGroup[]> {
  const groups = await ourGroupsInNoState(cloud, urn);
  return groups.filter((group) => tagValue(group, COMPLETE_TAG) === undefined);
}

/** Ends them with their servers; they have never been attached. */
export async function endLeftoverGroups(cloud: CloudContext, urn: string): Promise<void> {
  for (const { name } of await leftoverGroups(cloud, urn)) await end(cloud, urn, name);
}

/**
 * Ends what names a launch configuration or a balancer of this state that is being deleted. Groups of the state are deleted
 * before these, so one of this stack's that is left was whole when its run died right before the engine's write.
 */
export async function endOrphans(
  cloud: CloudContext,
  urn: string,
  isUser: (group: AutoScalingGroup) => boolean,
): Promise<void> {
  const groups = await ourGroupsInNoState(cloud, urn);
  for (const { name } of groups.filter(isUser)) await end(cloud, urn, name);
}

async function ourGroupsInNoState({ autoScaling, run }: CloudContext, urn: string): Promise<AutoScalingGroup[]> {
  const groups = await autoScaling.describeGroups();
  return groups.filter(
    (group) =>
      tagValue(group, STACK_TAG) === stackIn(urn) &&
      !run.isInState(group.name) &&
      run.keeperOf(groupKey(group.name)) === undefined,
  );
}

async function end({ autoScaling, log }: CloudContext, urn: string, name: string): Promise<void> {
  await autoScaling.deleteGroup(name, { isForced: true });
  log.info(urn, `the Auto Scaling group ${name}, which an interrupted run had made, was deleted`);
}
