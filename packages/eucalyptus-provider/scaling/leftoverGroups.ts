import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import type { CloudContext } from "../cloudContext.ts";
import { stackIn } from "../urn.ts";
import { groupKey } from "./claimScalingGroup.ts";
import { tagValue } from "./groupTags.ts";

/** Groups of this stack that a run had begun to make when it died, and that no state has: nobody else would name them again. */
export async function leftoverGroups({ autoScaling, run }: CloudContext, urn: string): Promise<AutoScalingGroup[]> {
  const groups = await autoScaling.describeGroups();
  return groups.filter(
    (group) =>
      tagValue(group, STACK_TAG) === stackIn(urn) &&
      tagValue(group, COMPLETE_TAG) === undefined &&
      !run.isInState(group.name) &&
      run.keeperOf(groupKey(group.name)) === undefined,
  );
}

/** Ends them with their servers; they have never been attached. */
export async function endLeftoverGroups(cloud: CloudContext, urn: string): Promise<void> {
  for (const { name } of await leftoverGroups(cloud, urn)) {
    await cloud.autoScaling.deleteGroup(name, { isForced: true });
    cloud.log.info(urn, `the Auto Scaling group ${name}, which an interrupted run had begun to make, was deleted`);
  }
}
