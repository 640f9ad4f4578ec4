import { queryAction } from "../wire/queryAction.ts";
import type { XmlNode } from "../wire/xml.ts";
import { type World, ZONE } from "../world/world.ts";
import {
  alreadyExists,
  inCooldown,
  invalidParameters,
  resourceInUse,
  scalingInProgress,
  validationError,
} from "./errors.ts";
import { arnOf, configurationNamed } from "./launchConfigurations.ts";
import { terminateMember } from "./members.ts";
import { asked, cause, groupNamed, memberItem } from "./shared.ts";
import { checkedTags, checkTagCount, TAGS, tagItems } from "./tags.ts";
import type { ScalingGroup } from "./types.ts";
import { checkFields, type FieldRule, nameIn, PATTERNS } from "./validation.ts";

const COOLDOWN_SECONDS = 300;
const POLICIES = [
  "OldestInstance",
  "NewestInstance",
  "OldestLaunchConfiguration",
  "ClosestToNextInstanceHour",
  "Default",
];

/** What a creation and an update both take. */
const SETTINGS = {
  AutoScalingGroupName: "string?",
  LaunchConfigurationName: "string?",
  MinSize: "int?",
  MaxSize: "int?",
  DesiredCapacity: "int?",
  DefaultCooldown: "int?",
  AvailabilityZones: ["string"],
  VPCZoneIdentifier: "string?",
  HealthCheckType: "string?",
  HealthCheckGracePeriod: "int?",
  TerminationPolicies: ["string"],
  NewInstancesProtectedFromScaleIn: "boolean?",
  PlacementGroup: "string?",
} as const;

interface Settings {
  readonly AutoScalingGroupName: string | undefined;
  readonly LaunchConfigurationName: string | undefined;
  readonly MinSize: number | undefined;
  readonly MaxSize: number | undefined;
  readonly DesiredCapacity: number | undefined;
  readonly DefaultCooldown: number | undefined;
  readonly AvailabilityZones: readonly string[];
  readonly VPCZoneIdentifier: string | undefined;
  readonly HealthCheckType: string | undefined;
  readonly HealthCheckGracePeriod: number | undefined;
  readonly TerminationPolicies: readonly string[];
}

function checkSettings(given: Settings, isNew: boolean): void {
  const number = (value: number | undefined): FieldRule => ({ value, least: 0 });
  checkFields({
    AutoScalingGroupName: { value: given.AutoScalingGroupName, isRequired: true, pattern: PATTERNS.name },
    LaunchConfigurationName: { value: given.LaunchConfigurationName, isRequired: isNew, pattern: PATTERNS.name },
    MinSize: { ...number(given.MinSize), isRequired: isNew },
    MaxSize: { ...number(given.MaxSize), isRequired: isNew },
    DesiredCapacity: number(given.DesiredCapacity),
    DefaultCooldown: number(given.DefaultCooldown),
    HealthCheckGracePeriod: number(given.HealthCheckGracePeriod),
    HealthCheckType: { value: given.HealthCheckType, pattern: /^(?:EC2|ELB)$/ },
    VPCZoneIdentifier: { value: given.VPCZoneIdentifier || undefined, pattern: PATTERNS.subnets },
    ...Object.fromEntries(
      given.TerminationPolicies.map((value, index) => [
        `TerminationPolicies.member.${index + 1}`,
        { value, pattern: new RegExp(`^(?:${POLICIES.join("|")})$`) },
      ]),
    ),
  });
}

function checkSizes(minSize: number, maxSize: number, desired: number): void {
  if (minSize > maxSize) throw validationError("MinSize must not be greater than MaxSize");
  if (desired > maxSize) throw validationError("DesiredCapacity must not be greater than MaxSize");
  if (desired < minSize) throw validationError("DesiredCapacity must not be less than MinSize");
}

/** What is named and not there, all at once. */
function checkReferences(world: World, zones: readonly string[], subnets: string, balancers: readonly string[]): void {
  const listed = (unknown: readonly string[], what: string): string[] =>
    unknown.length === 0 ? [] : [`Invalid ${what}: [${unknown.join(", ")}]`];
  const isOff = balancers.length > 0 && world.isWithoutBalancing();
  const problems = [
    ...listed(
      zones.filter((zone) => zone !== ZONE),
      "availability zone(s)",
    ),
    ...listed(
      subnets.split(",").filter((id) => id !== "" && id.toLowerCase() !== world.state.vpc?.subnetId),
      "subnet(s)",
    ),
    ...(isOff
      ? ["Error validating load balancer name(s)"]
      : listed(
          balancers.filter((name) => !world.state.loadBalancers.has(name)),
          "load balancer name(s)",
        )),
  ];
  if (problems.length > 0) throw invalidParameters(problems);
}

/** Zones are required, with subnets too. There is no way to begin with a suspended process. */
export const createAutoScalingGroup = queryAction({
  name: "CreateAutoScalingGroup",
  basis: "observed",
  params: { ...SETTINGS, LoadBalancerNames: ["string"], Tags: TAGS },
  needs: ["AvailabilityZones"],

  run(world, request) {
    checkSettings(request, true);
    const { AutoScalingGroupName: name = "", MinSize: minSize = 0, MaxSize: maxSize = 0 } = request;
    const desiredCapacity = request.DesiredCapacity ?? minSize;
    checkSizes(minSize, maxSize, desiredCapacity);
    const tags = new Map(checkedTags(request.Tags));
    checkTagCount(tags.size);
    if (request.PlacementGroup) throw invalidParameters([`Invalid placement group: ${request.PlacementGroup}`]);
    const { name: launchConfigurationName } = configurationNamed(world, request.LaunchConfigurationName ?? "");
    const { AvailabilityZones: zones, LoadBalancerNames: loadBalancerNames, VPCZoneIdentifier: subnets } = request;
    checkReferences(world, zones, subnets ?? "", loadBalancerNames);
    if (world.state.scalingGroups.has(name)) throw alreadyExists();
    const uuid = world.nextUuid();
    const createdTime = world.now().toISOString();
    const isSized = desiredCapacity > 0;
    const created = `a user request created an AutoScalingGroup changing the desired capacity from 0 to ${desiredCapacity}`;
    world.state.scalingGroups.set(name, {
      name,
      uuid,
      arn: arnOf("autoScalingGroup", uuid, "autoScalingGroupName", name),
      createdTime,
      changedTime: createdTime,
      launchConfigurationName,
      minSize,
      maxSize,
      desiredCapacity,
      defaultCooldown: request.DefaultCooldown ?? COOLDOWN_SECONDS,
      zones: [...new Set(zones)],
      subnets: subnets || undefined,
      loadBalancerNames,
      healthCheckType: request.HealthCheckType === "ELB" ? "ELB" : "EC2",
      gracePeriod: request.HealthCheckGracePeriod ?? 0,
      terminationPolicies: policiesOf(request),
      protectsNewMembers: request.NewInstancesProtectedFromScaleIn ?? false,
      suspended: new Map(),
      tags,
      members: new Map(),
      activities: [],
      change: isSized ? cause(world, created) : undefined,
      launchFailures: 0,
      nextLaunchAt: undefined,
      scaledTime: undefined,
    });
    return undefined;
  },
});

const policiesOf = ({ TerminationPolicies: given }: Settings): readonly string[] =>
  given.length === 0 ? ["Default"] : given;

/** Works while scaling is in progress. Load balancers are ignored; a smaller MaxSize lowers the desired capacity. */
export const updateAutoScalingGroup = queryAction({
  name: "UpdateAutoScalingGroup",
  basis: "observed",
  params: SETTINGS,

  run(world, request) {
    checkSettings(request, false);
    const group = groupNamed(world, request.AutoScalingGroupName);
    const minSize = request.MinSize ?? group.minSize;
    const maxSize = request.MaxSize ?? group.maxSize;
    const isLowered = request.MaxSize !== undefined && request.DesiredCapacity === undefined;
    const desired =
      request.DesiredCapacity ?? (isLowered ? Math.min(group.desiredCapacity, maxSize) : group.desiredCapacity);
    checkSizes(minSize, maxSize, desired);
    const configuration =
      request.LaunchConfigurationName === undefined
        ? group.launchConfigurationName
        : configurationNamed(world, request.LaunchConfigurationName).name;
    checkReferences(world, request.AvailabilityZones, request.VPCZoneIdentifier ?? "", []);

    const former = group.desiredCapacity;
    group.launchConfigurationName = configuration;
    group.minSize = minSize;
    group.maxSize = maxSize;
    group.desiredCapacity = desired;
    group.defaultCooldown = request.DefaultCooldown ?? group.defaultCooldown;
    group.gracePeriod = request.HealthCheckGracePeriod ?? group.gracePeriod;
    group.protectsNewMembers = request.NewInstancesProtectedFromScaleIn ?? group.protectsNewMembers;
    if (request.HealthCheckType !== undefined)
      group.healthCheckType = request.HealthCheckType === "ELB" ? "ELB" : "EC2";
    if (request.AvailabilityZones.length > 0) group.zones = [...new Set(request.AvailabilityZones)];
    if (request.VPCZoneIdentifier) group.subnets = request.VPCZoneIdentifier;
    if (request.TerminationPolicies.length > 0) group.terminationPolicies = request.TerminationPolicies;
    group.changedTime = world.now().toISOString();
    if (former !== desired) {
      const sizes = `min: ${minSize}, max: ${maxSize}, desired: ${desired}`;
      const what = `a user request update of AutoScalingGroup constraints to ${sizes}`;
      group.change = cause(world, `${what} changing the desired capacity from ${former} to ${desired}`);
    }
    return undefined;
  },
});

export const setDesiredCapacity = queryAction({
  name: "SetDesiredCapacity",
  basis: "observed",
  params: { AutoScalingGroupName: "string?", DesiredCapacity: "int?", HonorCooldown: "boolean?" },

  run(world, { AutoScalingGroupName, DesiredCapacity: desired, HonorCooldown = false }) {
    checkFields({
      AutoScalingGroupName: { value: AutoScalingGroupName, isRequired: true, pattern: PATTERNS.name },
      DesiredCapacity: { value: desired, isRequired: true, least: 0 },
    });
    const group = groupNamed(world, AutoScalingGroupName);
    if (desired === undefined) return undefined;
    const asked = `New SetDesiredCapacity value ${desired}`;
    if (desired > group.maxSize) {
      throw validationError(`${asked} is above max value ${group.maxSize} for the AutoScalingGroup.`);
    }
    if (desired < group.minSize) {
      throw validationError(`${asked} is below min value ${group.minSize} for the AutoScalingGroup.`);
    }
    if (isScaling(group)) throw scalingInProgress();
    const { scaledTime, defaultCooldown } = group;
    if (HonorCooldown && scaledTime !== undefined && world.secondsSince(scaledTime) < defaultCooldown)
      throw inCooldown();
    const former = group.desiredCapacity;
    group.desiredCapacity = desired;
    group.changedTime = world.now().toISOString();
    const what = "a user request explicitly set group desired capacity changing the desired capacity";
    if (former !== desired) group.change = cause(world, `${what} from ${former} to ${desired}`);
    return undefined;
  },
});

const isScaling = ({ members }: ScalingGroup): boolean =>
  [...members.values()].some(({ lifecycle }) => lifecycle !== "InService");

/** By force, terminations are begun and nobody watches them. Nothing is left of the group, its activities neither. */
export const deleteAutoScalingGroup = queryAction({
  name: "DeleteAutoScalingGroup",
  basis: "observed",
  params: { AutoScalingGroupName: "string?", ForceDelete: "boolean?" },

  run(world, { AutoScalingGroupName: given, ForceDelete = false }) {
    checkFields({ AutoScalingGroupName: { value: given, isRequired: true, pattern: PATTERNS.name } });
    const group = world.state.scalingGroups.get(nameIn(given ?? ""));
    if (!group) return undefined;
    if (!ForceDelete && isScaling(group)) throw scalingInProgress();
    if (!ForceDelete && group.members.size > 0) throw resourceInUse();
    for (const member of group.members.values()) terminateMember(world, group, member);
    world.state.scalingGroups.delete(group.name);
    return undefined;
  },
});

/** One page, whatever is asked for; a name that nobody has is left out. */
export const describeAutoScalingGroups = queryAction({
  name: "DescribeAutoScalingGroups",
  basis: "observed",
  params: { AutoScalingGroupNames: ["string"], MaxRecords: "int?" },

  run(world, { AutoScalingGroupNames, MaxRecords }) {
    checkFields({ MaxRecords: { value: MaxRecords, least: 1, most: 100 } });
    return { AutoScalingGroups: asked(world.state.scalingGroups, AutoScalingGroupNames).map(description) };
  },
});

/** Element order as the cloud sends it. */
function description(group: ScalingGroup): XmlNode {
  const suspended = [...group.suspended].map(([ProcessName, SuspensionReason]) => ({ ProcessName, SuspensionReason }));
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchConfigurationName: group.launchConfigurationName,
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desiredCapacity,
    DefaultCooldown: group.defaultCooldown,
    AvailabilityZones: group.zones,
    LoadBalancerNames: group.loadBalancerNames,
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.gracePeriod,
    Instances: group.members.size === 0 ? undefined : [...group.members.values()].map(memberItem),
    CreatedTime: group.createdTime,
    SuspendedProcesses: suspended.length === 0 ? undefined : suspended,
    VPCZoneIdentifier: group.subnets,
    EnabledMetrics: [],
    Tags: group.tags.size === 0 ? undefined : tagItems(group),
    TerminationPolicies: group.terminationPolicies,
    NewInstancesProtectedFromScaleIn: group.protectsNewMembers,
  };
}
