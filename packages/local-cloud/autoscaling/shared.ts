import type { XmlNode } from "../wire/xml.ts";
import type { World } from "../world/world.ts";
import { groupNotFound, validationError } from "./errors.ts";
import type { Activity, Member, ScalingGroup } from "./types.ts";
import { nameIn } from "./validation.ts";

const MESSAGE_LIMIT = 255;
const KEPT_SECONDS = 42 * 24 * 60 * 60;

/** @throws {ServiceError} `ValidationError` */
export function groupNamed(world: World, text: string | undefined): ScalingGroup {
  if (text === undefined) throw validationError("AutoScalingGroupName is required");
  const found = world.state.scalingGroups.get(nameIn(text));
  if (!found) throw groupNotFound(text);
  return found;
}

/** Those of these names, or all where none is asked for; a name that nobody has is left out. */
export function asked<Named extends { readonly name: string }>(
  all: ReadonlyMap<string, Named>,
  texts: readonly string[],
): readonly Named[] {
  const names = texts.map(nameIn);
  return [...all.values()].filter(({ name }) => names.length === 0 || names.includes(name));
}

export const memberItem = (member: Member): XmlNode => ({
  InstanceId: member.instanceId,
  AvailabilityZone: member.zone,
  LifecycleState: member.lifecycle,
  HealthStatus: member.health,
  LaunchConfigurationName: member.launchConfigurationName,
  ProtectedFromScaleIn: member.isProtected,
});

export function activityItem(groupName: string, activity: Activity): XmlNode {
  return {
    ActivityId: activity.activityId,
    AutoScalingGroupName: groupName,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: activity.startTime,
    EndTime: activity.endTime,
    StatusCode: activity.status,
    StatusMessage: activity.message,
    Progress: activity.status === "InProgress" ? 50 : 100,
  };
}

/** Begins an activity, as the newest of its group. */
export function begin(
  world: World,
  group: ScalingGroup,
  what: Pick<Activity, "description" | "cause" | "instanceId">,
): Activity {
  const startTime = world.now().toISOString();
  const activity: Activity = { activityId: world.nextUuid(), ...what, startTime, status: "InProgress" };
  const young = group.activities.filter((one) => world.secondsSince(one.startTime) < KEPT_SECONDS);
  group.activities = [activity, ...young];
  return activity;
}

/** @param failure why it did not happen */
export function end(world: World, group: ScalingGroup, activity: Activity, failure?: string): void {
  activity.endTime = world.now().toISOString();
  activity.status = failure === undefined ? "Successful" : "Failed";
  if (failure !== undefined) activity.message = failure.slice(0, MESSAGE_LIMIT);
  group.scaledTime = activity.endTime;
}

/** `At <time> <what happened>.` */
export function cause(world: World, text: string): string {
  return `At ${world.now().toISOString().replace(/\.\d+/, "")} ${text}.`;
}
