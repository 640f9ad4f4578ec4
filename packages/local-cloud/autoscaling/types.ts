export interface LaunchConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly createdTime: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName: string | undefined;
  readonly securityGroups: readonly string[];
  /** As it was sent: what is wrong with it shows at a launch. */
  readonly userData: string | undefined;
  readonly kernelId: string | undefined;
  readonly ramdiskId: string | undefined;
  readonly monitoring: boolean;
  readonly profile: string | undefined;
  readonly associatePublicIpAddress: boolean | undefined;
  readonly blockDevices: readonly BlockDevice[];
}

interface BlockDevice {
  readonly DeviceName: string;
  readonly VirtualName: string | undefined;
  readonly Ebs: { readonly SnapshotId: string | undefined; readonly VolumeSize: number | undefined } | undefined;
}

export type ProcessName = (typeof PROCESSES)[number];

export const PROCESSES = [
  "Launch",
  "Terminate",
  "HealthCheck",
  "ReplaceUnhealthy",
  "AZRebalance",
  "AlarmNotification",
  "ScheduledActions",
  "AddToLoadBalancer",
] as const;

export interface ScalingGroup {
  readonly name: string;
  readonly uuid: string;
  readonly arn: string;
  readonly createdTime: string;
  /** Of the last change that a user made. */
  changedTime: string;
  launchConfigurationName: string;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  /** Seconds. */
  defaultCooldown: number;
  zones: readonly string[];
  /** As given, comma-separated. */
  subnets: string | undefined;
  /** Fixed at creation. */
  readonly loadBalancerNames: readonly string[];
  healthCheckType: "EC2" | "ELB";
  /** Seconds. */
  gracePeriod: number;
  terminationPolicies: readonly string[];
  protectsNewMembers: boolean;
  readonly suspended: Map<ProcessName, "Manual suspension" | "Administrative suspension">;
  readonly tags: Map<string, GroupTag>;
  /** By instance id. */
  readonly members: Map<string, Member>;
  /** Newest first. */
  activities: readonly Activity[];
  /** Why the capacity changed last, for the next activities. */
  change: string | undefined;
  /** In a row. */
  launchFailures: number;
  nextLaunchAt: string | undefined;
  /** End of the last launch or termination. */
  scaledTime: string | undefined;
}

export interface GroupTag {
  readonly value: string;
  readonly propagate: boolean;
}

export interface Member {
  readonly instanceId: string;
  readonly zone: string;
  readonly launchConfigurationName: string;
  readonly launchedAt: string;
  lifecycle: "Pending" | "InService" | "Terminating";
  health: "Healthy" | "Unhealthy";
  isProtected: boolean;
  inServiceAt?: string;
  /** With the load balancers, or marked so while that is suspended. */
  isRegistered: boolean;
  registrationFailures: number;
  nextRegistrationAt?: string;
}

export interface Activity {
  readonly activityId: string;
  description: string | undefined;
  readonly cause: string;
  readonly startTime: string;
  endTime?: string;
  status: "InProgress" | "Successful" | "Failed";
  message?: string;
  /** Of a termination that is under way. */
  readonly instanceId?: string;
}
