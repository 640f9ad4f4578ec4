import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import { COMPLETE_TAG, REPLACES_TAG, STACK_TAG } from "@planet/eucalyptus-client/marks";
import type { CloudContext } from "../cloudContext.ts";
import { stackIn } from "../urn.ts";
import { groupKey } from "./claimScalingGroup.ts";
import { tagValue } from "./groupTags.ts";

/**
 * Groups of this stack that a run had begun to make when it died, and that no state has: nobody else would name them again. One
 * that is whole and was to replace a group by force is one of them as long as the state has that.
 */
export function leftoversOf(
  groups: readonly AutoScalingGroup[],
  cloud: Pick<CloudContext, "run">,
  urn: string,
): AutoScalingGroup[] {
  return inNoState(groups, cloud, urn).filter((group) => {
    const replaced = tagValue(group, REPLACES_TAG);
    const isBegun = replaced !== undefined && cloud.run.isInState(replaced);
    return isBegun || tagValue(group, COMPLETE_TAG) === undefined;
  });
}

/** Ends them with their servers; they have never been attached. */
export async function endLeftoverGroups(cloud: CloudContext, urn: string): Promise<void> {
  const leftovers = leftoversOf(await cloud.autoScaling.describeGroups(), cloud, urn);
  for (const { name } of leftovers) await end(cloud, urn, name);
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
  const groups = inNoState(await cloud.autoScaling.describeGroups(), cloud, urn);
  for (const { name } of groups.filter(isUser)) await end(cloud, urn, name);
}

function inNoState(groups: readonly AutoScalingGroup[], { run }: Pick<CloudContext, "run">, urn: string) {
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
