import { queryAction } from "../wire/queryAction.ts";
import { beginTermination } from "../world/life.ts";
import type { World } from "../world/world.ts";
import { memberNotFound } from "./errors.ts";
import { activityItem, begin, cause, groupNamed, memberItem } from "./shared.ts";
import type { Activity, Member, ScalingGroup } from "./types.ts";
import { checkFields, PATTERNS } from "./validation.ts";

/**
 * Takes a member out of its load balancers and ends it. The cloud has some 60 ms between the two, here there is nothing: a worker
 * learns of it seconds later in any case. No reader is waited for.
 */
export function terminateMember(world: World, group: ScalingGroup, member: Member): void {
  for (const name of group.loadBalancerNames) {
    world.state.loadBalancers.get(name)?.registrations.delete(member.instanceId);
  }
  const instance = world.instance(member.instanceId);
  if (instance) beginTermination(instance);
  member.lifecycle = "Terminating";
}

/** A termination as an activity, which ends when the instance has. */
export function retire(world: World, group: ScalingGroup, member: Member, why: string): Activity {
  terminateMember(world, group, member);
  const { instanceId } = member;
  return begin(world, group, { description: `Terminating EC2 instance: ${instanceId}`, cause: why, instanceId });
}

function memberWithId(world: World, id: string | undefined): { group: ScalingGroup; member: Member } {
  checkFields({ InstanceId: { value: id, isRequired: true, pattern: PATTERNS.instance } });
  for (const group of world.state.scalingGroups.values()) {
    const member = group.members.get(id ?? "");
    if (member) return { group, member };
  }
  throw memberNotFound(id ?? "");
}

/** Ends it at once. With a decrement the desired capacity may go below MinSize, and stays there. */
export const terminateInstance = queryAction({
  name: "TerminateInstanceInAutoScalingGroup",
  basis: "observed",
  params: { InstanceId: "string?", ShouldDecrementDesiredCapacity: "boolean?" },

  run(world, { InstanceId, ShouldDecrementDesiredCapacity = false }) {
    const { group, member } = memberWithId(world, InstanceId);
    if (ShouldDecrementDesiredCapacity) group.desiredCapacity = Math.max(0, group.desiredCapacity - 1);
    const why = cause(world, "instance was taken out of service in response to a user request");
    return { Activity: activityItem(group.name, retire(world, group, member, why)) };
  },
});

/** The next look of the scaling task replaces one that is set unhealthy. */
export const setInstanceHealth = queryAction({
  name: "SetInstanceHealth",
  basis: "read",
  params: { InstanceId: "string?", HealthStatus: "string?", ShouldRespectGracePeriod: "boolean?" },

  run(world, { InstanceId, HealthStatus, ShouldRespectGracePeriod = true }) {
    checkFields({ HealthStatus: { value: HealthStatus, isRequired: true, pattern: /^(?:Healthy|Unhealthy)$/ } });
    const { group, member } = memberWithId(world, InstanceId);
    const since = member.inServiceAt ?? world.now().toISOString();
    if (ShouldRespectGracePeriod && world.secondsSince(since) < group.gracePeriod) return undefined;
    member.health = HealthStatus === "Unhealthy" ? "Unhealthy" : "Healthy";
    return undefined;
  },
});

export const setInstanceProtection = queryAction({
  name: "SetInstanceProtection",
  basis: "assumed",
  params: { AutoScalingGroupName: "string?", InstanceIds: ["string"], ProtectedFromScaleIn: "boolean?" },

  run(world, { AutoScalingGroupName, InstanceIds, ProtectedFromScaleIn = false }) {
    const group = groupNamed(world, AutoScalingGroupName);
    const members = InstanceIds.map((id) => group.members.get(id) ?? id);
    const unknown = members.find((member) => typeof member === "string");
    if (unknown !== undefined) throw memberNotFound(unknown);
    for (const member of members) if (typeof member !== "string") member.isProtected = ProtectedFromScaleIn;
    return undefined;
  },
});

export const describeAutoScalingInstances = queryAction({
  name: "DescribeAutoScalingInstances",
  basis: "observed",
  params: { InstanceIds: ["string"], MaxRecords: "int?" },

  run(world, { InstanceIds, MaxRecords }) {
    checkFields({ MaxRecords: { value: MaxRecords, least: 1, most: 50 } });
    const all = [...world.state.scalingGroups.values()].flatMap(({ name, members }) =>
      [...members.values()].map((member) => ({ name, member })),
    );
    const asked = all.filter(({ member }) => InstanceIds.length === 0 || InstanceIds.includes(member.instanceId));
    return {
      AutoScalingInstances: asked.map(({ name, member }) => {
        const { InstanceId, ...rest } = memberItem(member);
        return { InstanceId, AutoScalingGroupName: name, ...rest };
      }),
    };
  },
});
