import { healthOf, register } from "../elb/instances.ts";
import type { World } from "../world/world.ts";
import { launchMember } from "./launch.ts";
import { retire } from "./members.ts";
import { begin, cause, end } from "./shared.ts";
import { nextToGo } from "./terminationPolicy.ts";
import type { Activity, LaunchConfiguration, Member, ScalingGroup } from "./types.ts";

/*
 * What Auto Scaling does by itself, a group at a time: changes of the world alone. The intervals are those of a real cloud
 * (observed on Eucalyptus 5.1.0, 2026-11-28; source: Corymbia/eucalyptus `ActivityManager.java`, `AutoScalingConfiguration.java`).
 *
 * There is no instance here that has a group's tag and that its group does not know: launch and membership are one write.
 */

/** Between two runs of the tasks that launch, terminate, register and replace. */
export const SCALING_SECONDS = 10;
/** Between two looks at the members of a group. */
export const MONITORING_SECONDS = 60;

/** Launches or terminations at a time. */
const AT_A_TIME = 20;
const FIRST_BACKOFF_SECONDS = 9;
const LONGEST_BACKOFF_SECONDS = 15 * 60;
const FAILURES_BEFORE_SUSPENSION = 15;
const SUSPENDED_AFTER_SECONDS = 24 * 60 * 60;
const REGISTRATIONS = 5;
const PENDING_SECONDS = 15 * 60;

const isActive = ({ lifecycle }: Member): boolean => lifecycle !== "Terminating";

/** One run of the scaling tasks. @returns whether something has changed */
export function scale(world: World, group: ScalingGroup): boolean {
  const before = JSON.stringify([...group.members]);
  forgetEnded(world, group);
  if (replaceUnhealthy(world, group)) return true; // its successor comes with the next run
  registerMembers(world, group);
  const missing = group.desiredCapacity - [...group.members.values()].filter(isActive).length;
  if (missing > 0) return launch(world, group, Math.min(missing, AT_A_TIME));
  if (missing < 0) return scaleIn(world, group, Math.min(-missing, AT_A_TIME));
  return before !== JSON.stringify([...group.members]);
}

/** Members whose instance has ended. @returns whether there was one */
export function forgetEnded(world: World, group: ScalingGroup): boolean {
  const ended = [...group.members.values()].filter((member) => !isActive(member) && hasEnded(world, member));
  for (const { instanceId } of ended) {
    group.members.delete(instanceId);
    const termination = group.activities.find((one) => one.instanceId === instanceId && one.status === "InProgress");
    if (termination) end(world, group, termination);
  }
  return ended.length > 0;
}

function hasEnded(world: World, { instanceId }: Member): boolean {
  const state = world.instance(instanceId)?.state;
  return state === undefined || state === "terminated";
}

function replaceUnhealthy(world: World, group: ScalingGroup): boolean {
  if (group.suspended.has("ReplaceUnhealthy") || group.suspended.has("Terminate")) return false;
  const unhealthy = [...group.members.values()].filter((member) => isActive(member) && member.health === "Unhealthy");
  const why = cause(world, "an instance was taken out of service in response to a health-check");
  for (const member of unhealthy.slice(0, AT_A_TIME)) retire(world, group, member, why);
  return unhealthy.length > 0;
}

/** While registering is suspended, members are marked as if they were; nobody registers them later. */
function registerMembers(world: World, group: ScalingGroup): void {
  if (group.loadBalancerNames.length === 0) return;
  for (const member of group.members.values()) {
    const isDue = member.nextRegistrationAt === undefined || world.secondsSince(member.nextRegistrationAt) >= 0;
    if (member.lifecycle !== "InService" || member.isRegistered || !isDue) continue;
    if (group.suspended.has("AddToLoadBalancer")) member.isRegistered = true;
    else registerMember(world, group, member);
  }
}

function registerMember(world: World, group: ScalingGroup, member: Member): void {
  const activity = begin(world, group, { description: undefined, cause: "" });
  try {
    for (const name of group.loadBalancerNames) {
      const balancer = world.state.loadBalancers.get(name);
      if (!balancer) throw new Error("The specified LoadBalancer could not be found");
      register(world, balancer, [member.instanceId]);
    }
    member.isRegistered = true;
    end(world, group, activity);
  } catch (error) {
    end(world, group, activity, messageOf(error));
    member.registrationFailures += 1;
    member.nextRegistrationAt = inSeconds(world, FIRST_BACKOFF_SECONDS * 2 ** (member.registrationFailures - 1));
    if (member.registrationFailures >= REGISTRATIONS) member.health = "Unhealthy";
  }
}

function launch(world: World, group: ScalingGroup, count: number): boolean {
  if (group.suspended.has("Launch")) return false;
  if (group.nextLaunchAt !== undefined && world.secondsSince(group.nextLaunchAt) < 0) return false;
  const configuration = world.state.launchConfigurations.get(group.launchConfigurationName);
  if (!configuration) return false;
  const from = [...group.members.values()].filter(isActive).length;
  const why = whyOf(
    world,
    group,
    `an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${from} to ${from + count}`,
  );
  const starting = Array.from({ length: count }, () =>
    begin(world, group, { description: "Launching a new EC2 instance", cause: why }),
  );
  const started = starting.filter((activity) => tryToLaunch(world, group, configuration, activity));
  if (started.length < count) noteFailure(world, group);
  else group.launchFailures = 0;
  return true;
}

/** @returns whether an instance was launched; the activity says why not */
function tryToLaunch(
  world: World,
  group: ScalingGroup,
  configuration: LaunchConfiguration,
  activity: Activity,
): boolean {
  try {
    const { instanceId, ...member } = launchMember(world, group, configuration);
    group.members.set(instanceId, { instanceId, ...member });
    activity.description = `Launching a new EC2 instance: ${instanceId}`;
    end(world, group, activity);
    return true;
  } catch (error) {
    end(world, group, activity, messageOf(error));
    return false;
  }
}

function noteFailure(world: World, group: ScalingGroup): void {
  const wait = Math.min(FIRST_BACKOFF_SECONDS * 2 ** group.launchFailures, LONGEST_BACKOFF_SECONDS);
  group.nextLaunchAt = inSeconds(world, wait);
  group.launchFailures += 1;
  const isOld = world.secondsSince(group.changedTime) > SUSPENDED_AFTER_SECONDS;
  if (group.launchFailures >= FAILURES_BEFORE_SUSPENSION && isOld) {
    group.suspended.set("Launch", "Administrative suspension");
  }
}

/** Waits until no member is in transition, one that cannot be registered among them; to zero, pending ones go too. */
function scaleIn(world: World, group: ScalingGroup, count: number): boolean {
  if (group.suspended.has("Terminate")) return false;
  const members = [...group.members.values()];
  const active = members.filter(isActive);
  const isSettled = ({ lifecycle, health, isRegistered }: Member): boolean =>
    (group.desiredCapacity === 0 && lifecycle === "Pending") ||
    (lifecycle === "InService" && health === "Healthy" && (isRegistered || group.loadBalancerNames.length === 0));
  if (!members.every(isSettled)) return false;
  const { suspended, desiredCapacity } = group;
  const free = active.filter(({ isProtected }) => !isProtected);
  const text = `an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${active.length} to ${desiredCapacity}`;
  const why = whyOf(world, group, text);
  for (let left = count; left > 0 && free.length > 0 && !suspended.has("Terminate"); left -= 1) {
    const member = nextToGo(world, group, free);
    free.splice(free.indexOf(member), 1);
    retire(
      world,
      group,
      member,
      `${why}  ${cause(world, `instance ${member.instanceId} was selected for termination`)}`,
    );
  }
  return true;
}

/** The user's change comes first in the cause of what follows from it. */
function whyOf(world: World, group: ScalingGroup, text: string): string {
  const { change } = group;
  group.change = undefined;
  return change === undefined ? cause(world, text) : `${change}  ${cause(world, text)}`;
}

/** One look at the members. @returns whether something has changed */
export function monitor(world: World, group: ScalingGroup): boolean {
  const before = JSON.stringify([...group.members]);
  for (const member of group.members.values()) {
    const isRunning = world.instance(member.instanceId)?.state === "running";
    if (member.lifecycle === "Pending" && isRunning) {
      member.lifecycle = "InService";
      member.inServiceAt = world.now().toISOString();
    }
  }
  if (!group.suspended.has("HealthCheck")) checkHealth(world, group);
  return before !== JSON.stringify([...group.members]);
}

function checkHealth(world: World, group: ScalingGroup): void {
  for (const member of group.members.values()) {
    if (!isActive(member)) continue;
    const state = world.instance(member.instanceId)?.state;
    const isGone = state !== "running" && state !== "pending";
    const isStuck = member.lifecycle === "Pending" && world.secondsSince(member.launchedAt) > PENDING_SECONDS;
    if (isGone || isStuck || isOutOfService(world, group, member)) member.health = "Unhealthy";
  }
}

/** Exactly that state: `Error`, `Unknown`, and not to be registered count as healthy; a registration in progress does not. */
function isOutOfService(world: World, group: ScalingGroup, { instanceId, lifecycle, inServiceAt }: Member): boolean {
  if (group.healthCheckType !== "ELB" || lifecycle !== "InService" || inServiceAt === undefined) return false;
  if (world.secondsSince(inServiceAt) <= group.gracePeriod) return false;
  return group.loadBalancerNames.some((name) => {
    const balancer = world.state.loadBalancers.get(name);
    const isThere = balancer?.registrations.has(instanceId) ?? false;
    return balancer && isThere && healthOf(world, balancer, instanceId).state === "OutOfService";
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A time of the services' clock, as the world's. */
function inSeconds(world: World, seconds: number): string {
  return new Date(world.now().getTime() + (seconds / world.clockFactor) * 1000).toISOString();
}
