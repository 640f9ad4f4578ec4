import type { Element } from "../http/members.ts";
import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

/** Processes of a group that can be suspended. Source: Corymbia/eucalyptus `ScalingProcessType.java`. */
export const SCALING_PROCESSES = [
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "Launch",
  "ReplaceUnhealthy",
  "ScheduledActions",
  "Terminate",
] as const;

/** What an update may change. Sizes are checked together, so they are given together. */
export interface GroupSettings {
  readonly launchConfigurationName: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
  /** Seconds. */
  readonly defaultCooldown: number;
  /** `ELB`: a member that its balancer calls OutOfService is replaced, too. */
  readonly healthCheckType: "EC2" | "ELB";
  /** Seconds from a member's InService on in which it is not judged. */
  readonly healthCheckGracePeriod: number;
  readonly terminationPolicies: readonly string[];
  /** 5.0 and later. */
  readonly isProtectedFromScaleIn: boolean;
}

export interface NewGroup extends GroupSettings {
  readonly name: string;
  /** Also with subnets: theirs, one of each. */
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  /** Fixed: no update changes them. */
  readonly loadBalancerNames: readonly string[];
  readonly tags: readonly GroupTag[];
}

export interface GroupTag {
  readonly key: string;
  readonly value: string;
  /** Whether the servers that are launched from now on get it. */
  readonly propagateAtLaunch: boolean;
}

export interface GroupMember {
  readonly instanceId: string;
  readonly zone: string;
  /** `Pending`, `InService`, `Terminating`, … */
  readonly lifecycleState: string;
  readonly isHealthy: boolean;
  readonly launchConfigurationName: string;
}

/** As the cloud has it. */
export interface AutoScalingGroup extends NewGroup {
  readonly arn: string;
  readonly members: readonly GroupMember[];
  readonly suspendedProcesses: readonly string[];
}

export function groupCalls(send: Send) {
  return {
    /** All, or those of these names; unknown ones are left out. Order: by name. */
    describeGroups: (names: readonly string[] = []): Promise<AutoScalingGroup[]> =>
      send("DescribeAutoScalingGroups", { AutoScalingGroupNames: names }, (result) =>
        result
          .members("AutoScalingGroups")
          .map(fromWire)
          .toSorted((a, b) => a.name.localeCompare(b.name)),
      ),

    async findGroup(name: string): Promise<AutoScalingGroup | undefined> {
      const found = await this.describeGroups([name]);
      return found.find((group) => group.name === name);
    },

    /** A name that is taken is AlreadyExists. No process can be suspended from the start: begin with no members. */
    async createGroup(wanted: NewGroup): Promise<void> {
      const inputs = {
        ...settingsToWire(wanted.name, wanted),
        AvailabilityZones: wanted.zones,
        VPCZoneIdentifier: wanted.subnetIds.length === 0 ? undefined : wanted.subnetIds.join(","),
        LoadBalancerNames: wanted.loadBalancerNames,
        Tags: tagsToWire(wanted.name, wanted.tags),
      };
      await send("CreateAutoScalingGroup", inputs, nothing);
    },

    /** Takes effect at once, also while members come and go. Existing members keep their launch configuration. */
    async updateGroup(name: string, settings: GroupSettings): Promise<void> {
      await send("UpdateAutoScalingGroup", settingsToWire(name, settings), nothing);
    },

    /** An unknown one is 200; ResourceInUse as long as it has members. `isForced` ends them, and nobody watches that. */
    async deleteGroup(name: string, { isForced }: { readonly isForced: boolean }): Promise<void> {
      const inputs = { AutoScalingGroupName: name, ForceDelete: isForced ? true : undefined };
      await send("DeleteAutoScalingGroup", inputs, nothing);
    },

    /** Without processes nothing is suspended here (the cloud would suspend all). */
    async suspendProcesses(name: string, processes: readonly string[]): Promise<void> {
      if (processes.length === 0) return;
      await send("SuspendProcesses", { AutoScalingGroupName: name, ScalingProcesses: processes }, nothing);
    },

    /** Without processes nothing is resumed here (the cloud would resume all). */
    async resumeProcesses(name: string, processes: readonly string[]): Promise<void> {
      if (processes.length === 0) return;
      await send("ResumeProcesses", { AutoScalingGroupName: name, ScalingProcesses: processes }, nothing);
    },

    /** Adds and overwrites; existing members keep what they have. */
    async setGroupTags(name: string, tags: readonly GroupTag[]): Promise<void> {
      if (tags.length === 0) return;
      await send("CreateOrUpdateTags", { Tags: tagsToWire(name, tags) }, nothing);
    },

    async deleteGroupTags(name: string, tags: readonly GroupTag[]): Promise<void> {
      if (tags.length === 0) return;
      await send("DeleteTags", { Tags: tagsToWire(name, tags) }, nothing);
    },
  };
}

function settingsToWire(name: string, settings: GroupSettings) {
  return {
    AutoScalingGroupName: name,
    LaunchConfigurationName: settings.launchConfigurationName,
    MinSize: settings.minSize,
    MaxSize: settings.maxSize,
    DesiredCapacity: settings.desiredCapacity,
    DefaultCooldown: settings.defaultCooldown,
    HealthCheckType: settings.healthCheckType,
    HealthCheckGracePeriod: settings.healthCheckGracePeriod,
    TerminationPolicies: settings.terminationPolicies,
    NewInstancesProtectedFromScaleIn: settings.isProtectedFromScaleIn,
  };
}

const tagsToWire = (group: string, tags: readonly GroupTag[]) =>
  tags.map(({ key, value, propagateAtLaunch }) => ({
    ResourceId: group,
    ResourceType: "auto-scaling-group",
    Key: key,
    Value: value,
    PropagateAtLaunch: propagateAtLaunch,
  }));

function fromWire(element: Element): AutoScalingGroup {
  const subnets = element.text("VPCZoneIdentifier");
  return {
    name: element.needed("AutoScalingGroupName"),
    arn: element.needed("AutoScalingGroupARN"),
    launchConfigurationName: element.needed("LaunchConfigurationName"),
    minSize: element.integer("MinSize"),
    maxSize: element.integer("MaxSize"),
    desiredCapacity: element.integer("DesiredCapacity"),
    defaultCooldown: element.integer("DefaultCooldown"),
    zones: element.texts("AvailabilityZones").toSorted(),
    subnetIds: subnets === "" ? [] : subnets.split(",").toSorted(),
    loadBalancerNames: element.texts("LoadBalancerNames").toSorted(),
    healthCheckType: element.needed("HealthCheckType") === "ELB" ? "ELB" : "EC2",
    healthCheckGracePeriod: element.integer("HealthCheckGracePeriod"),
    members: element.members("Instances").map(memberFrom),
    suspendedProcesses: element
      .members("SuspendedProcesses")
      .map((process) => process.needed("ProcessName"))
      .toSorted(),
    tags: element.members("Tags").map(tagFrom),
    terminationPolicies: element.texts("TerminationPolicies"),
    isProtectedFromScaleIn: element.text("NewInstancesProtectedFromScaleIn") === "true",
  };
}

const memberFrom = (element: Element): GroupMember => ({
  instanceId: element.needed("InstanceId"),
  zone: element.text("AvailabilityZone"),
  lifecycleState: element.needed("LifecycleState"),
  isHealthy: element.needed("HealthStatus") === "Healthy",
  launchConfigurationName: element.text("LaunchConfigurationName"),
});

const tagFrom = (element: Element): GroupTag => ({
  key: element.needed("Key"),
  value: element.text("Value"),
  propagateAtLaunch: element.text("PropagateAtLaunch") === "true",
});
