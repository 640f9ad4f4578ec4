import { SCALING_PROCESSES } from "@planet/eucalyptus-client";
import type { Inputs, Problem, Value } from "@planet/pulumi-plugin";
import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import type { CheckFacts, RulesOf } from "../handler.ts";
import { flag, integer, objects, refused, region, text, textList, textSet } from "../rules/inputRule.ts";
import { textsOf } from "../values.ts";
import { problemWithTags, sameTags } from "./groupTags.ts";
import { problemWithName, problemWithPrefix } from "./names.ts";

const NO_SUCH_OPTION = "Eucalyptus has no such option and ignores it; remove it";
const NO_TEMPLATES = "Eucalyptus' Auto Scaling has no launch templates; use launchConfiguration";
const NO_TARGETS = "Eucalyptus has classic load balancers only; use loadBalancers";

/** Source: Corymbia/eucalyptus `TerminationPolicyType.java`. */
const POLICIES = [
  "ClosestToNextInstanceHour",
  "Default",
  "NewestInstance",
  "OldestInstance",
  "OldestLaunchConfiguration",
];

/**
 * What an attachment suspends and resumes. A group with balancers is made with them as the program says; from then on they are
 * the attachment's, so they are neither compared nor set.
 */
export const OF_THE_ATTACHMENT: readonly string[] = ["AddToLoadBalancer", "HealthCheck"];

const size = { problem: (value: Value) => (Number(value) >= 0 ? undefined : "must be 0 or more") };

export const groupInputs: RulesOf<GroupArgs> = {
  availabilityZoneDistribution: refused(NO_SUCH_OPTION),
  availabilityZones: textSet({ replaces: true, computed: true }),
  capacityRebalance: refused(NO_SUCH_OPTION, [false]),
  capacityReservationSpecification: refused(NO_SUCH_OPTION),
  context: refused(NO_SUCH_OPTION),
  defaultCooldown: integer({ computed: true, ...size }),
  defaultInstanceWarmup: refused(NO_SUCH_OPTION),
  desiredCapacity: integer({ computed: true, ...size }),
  desiredCapacityType: refused(NO_SUCH_OPTION),
  enabledMetrics: refused("metrics are not offered by the provider; remove it", [[]]),
  forceDelete: flag(),
  forceDeleteWarmPool: refused(NO_SUCH_OPTION, [false]),
  healthCheckGracePeriod: integer(size),
  healthCheckType: text({
    computed: true,
    problem: (value) => (value === "EC2" || value === "ELB" ? undefined : 'must be "EC2" or "ELB"'),
  }),
  ignoreFailedScalingActivities: flag(),
  initialLifecycleHooks: refused(NO_SUCH_OPTION, [[]]),
  instanceLifecyclePolicy: refused(NO_SUCH_OPTION),
  instanceMaintenancePolicy: refused(NO_SUCH_OPTION),
  instanceRefresh: refused("Eucalyptus has none; remove it: another launch configuration makes another group"),
  launchConfiguration: text({ required: true }),
  launchTemplate: refused(NO_TEMPLATES),
  loadBalancers: textSet({ replaces: true, computed: true }),
  maxInstanceLifetime: refused(NO_SUCH_OPTION, [0]),
  maxSize: integer({ required: true, ...size }),
  metricsGranularity: refused("metrics are not offered by the provider; remove it", ["1Minute"]),
  minElbCapacity: integer(size),
  minSize: integer({ required: true, ...size }),
  mixedInstancesPolicy: refused(NO_TEMPLATES),
  name: text({ replaces: true, computed: true, problem: problemWithName }),
  namePrefix: text({ replaces: true, computed: true, problem: problemWithPrefix }),
  placementGroup: refused("Eucalyptus has no placement groups and refuses it; remove it"),
  protectFromScaleIn: flag(),
  region,
  serviceLinkedRoleArn: refused(NO_SUCH_OPTION),
  suspendedProcesses: textSet({ problem: (value) => problemWithOneOf(value, SCALING_PROCESSES) }),
  tags: objects({ problem: problemWithTags, same: sameTags }),
  targetGroupArns: refused(NO_TARGETS, [[]]),
  terminationPolicies: textList({ problem: (value) => problemWithOneOf(value, POLICIES) }),
  trafficSources: refused(NO_TARGETS, [[]]),
  vpcZoneIdentifiers: textSet({ replaces: true, computed: true }),
  waitForCapacityTimeout: text({
    problem: (value) => (secondsIn(String(value)) === undefined ? 'must be such as "10m", "1h30m" or "0"' : undefined),
  }),
  waitForElbCapacity: integer(size),
  warmPool: refused(NO_SUCH_OPTION),
};

function problemWithOneOf(value: Value, known: readonly string[]): string | undefined {
  const unknown = textsOf(value).find((word) => !known.includes(word));
  return unknown === undefined ? undefined : `has "${unknown}"; possible are ${known.join(", ")}`;
}

/** What the program need not say. */
export const GROUP_DEFAULTS = { healthCheckGracePeriod: 300, waitForCapacityTimeout: "10m" } as const;

/** What the table of inputs cannot say of a group. */
export function groupProblems(news: Inputs, { mode }: CheckFacts): Problem[] {
  const problems: Problem[] = [];
  const add = (property: string, reason: string) => problems.push({ property, reason });
  const isGiven = (name: string) => news[name] !== undefined && JSON.stringify(news[name]) !== "[]";

  if (isGiven("availabilityZones") === isGiven("vpcZoneIdentifiers")) {
    add("", "needs availabilityZones or vpcZoneIdentifiers, and not both");
  }
  if (mode === "edge" && isGiven("vpcZoneIdentifiers")) {
    add("vpcZoneIdentifiers", "is for clouds in VPC mode, this one is in EDGE mode; use availabilityZones");
  }
  if (news.name !== undefined && news.namePrefix !== undefined) add("namePrefix", "excludes name; give one");
  const { minSize, maxSize, desiredCapacity } = news;
  if (Number(minSize) > Number(maxSize)) add("maxSize", `is ${Number(maxSize)}, less than minSize`);
  if (Number(desiredCapacity) > Number(maxSize) || Number(desiredCapacity) < Number(minSize)) {
    add("desiredCapacity", `is ${Number(desiredCapacity)}, and must be minSize to maxSize`);
  }
  const needsBalancer = ["minElbCapacity", "waitForElbCapacity"].filter((name) => Number(news[name]) > 0);
  for (const name of needsBalancer)
    if (!isGiven("loadBalancers")) add(name, "is for groups with loadBalancers; remove it");
  if (isGiven("loadBalancers") && textsOf(news.suspendedProcesses).includes("HealthCheck")) {
    const reason =
      "has HealthCheck, which aws.autoscaling.Attachment resumes; without it, healthCheckType EC2 only ends dead servers";
    add("suspendedProcesses", reason);
  }
  return problems;
}

const UNITS = { h: 3600, m: 60, s: 1 } as const;

/** Seconds of a duration such as `1h30m`; undefined when it is none. */
export function secondsIn(duration: string): number | undefined {
  if (duration === "0") return 0;
  if (!/^(\d+[hms])+$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/(\d+)([hms])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit as keyof typeof UNITS], 0);
}
