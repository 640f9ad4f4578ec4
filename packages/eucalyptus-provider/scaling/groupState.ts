import type { AutoScalingGroup } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import type { Group } from "@pulumi/aws/autoscaling/group.js";
import type { StateOf } from "../handler.ts";
import { sameOrLive } from "../rules/sameOrLive.ts";
import { defined, refreshed, textsOf } from "../values.ts";
import { GROUP_DEFAULTS, OF_THE_ATTACHMENT } from "./groupInputs.ts";
import { writtenPolicies } from "./groupSettings.ts";
import { writtenTags } from "./groupTags.ts";

/** Outputs that the cloud fills in where the program does not say. */
export const CHOSEN_BY_CLOUD = [
  "availabilityZones",
  "defaultCooldown",
  "desiredCapacity",
  "healthCheckType",
  "name",
  "vpcZoneIdentifiers",
] as const satisfies readonly (keyof StateOf<Group>)[];

/** Outputs that are the same for every group here. */
export const FIXED = {
  capacityRebalance: false,
  predictedCapacity: 0,
  targetGroupArns: [],
  trafficSources: [],
  warmPoolSize: 0,
} as const satisfies StateOf<Group>;

/** All outputs: what the program says, with what the cloud says now. Members are none of them. */
export function groupState(live: AutoScalingGroup, inputs: Inputs, region: string): Inputs {
  const observed: StateOf<Group> = {
    ...FIXED,
    ...observedInputs(live, inputs),
    arn: live.arn,
    namePrefix: inputs.namePrefix ?? "",
    region,
  };
  return { ...inputs, ...defined(observed) };
}

/** The program's inputs with live values: nothing is added, and what is ours alone is kept. */
export function refreshedInputs(live: AutoScalingGroup, known: Inputs): Inputs {
  return { ...known, ...refreshed(known, observedInputs(live, known)) };
}

/** The inputs that would have made this group. What the program then leaves out of them is not a difference. */
export function importedInputs(live: AutoScalingGroup): Inputs {
  const isEmpty = (value: unknown) => value === false || (Array.isArray(value) && value.length === 0);
  const entries = Object.entries(observedInputs(live, {})).filter(([, value]) => !isEmpty(value));
  const { waitForCapacityTimeout } = GROUP_DEFAULTS;
  return { ...Object.fromEntries(entries), waitForCapacityTimeout };
}

function observedInputs(live: AutoScalingGroup, written: Inputs): Inputs {
  return {
    availabilityZones: sameOrLive(written.availabilityZones, live.zones),
    defaultCooldown: live.defaultCooldown,
    desiredCapacity: live.desiredCapacity,
    healthCheckGracePeriod: live.healthCheckGracePeriod,
    healthCheckType: live.healthCheckType,
    launchConfiguration: live.launchConfigurationName,
    loadBalancers: sameOrLive(written.loadBalancers, live.loadBalancerNames),
    maxSize: live.maxSize,
    minSize: live.minSize,
    name: live.name,
    protectFromScaleIn: live.isProtectedFromScaleIn,
    suspendedProcesses: sameOrLive(written.suspendedProcesses, shownProcesses(live, written)),
    tags: writtenTags(live.tags, written.tags),
    terminationPolicies: policiesIn(live, written),
    vpcZoneIdentifiers: sameOrLive(written.vpcZoneIdentifiers, live.subnetIds),
  };
}

/** What an attachment suspends and resumes stays as it is written: it is no difference. */
function shownProcesses(live: AutoScalingGroup, written: Inputs): string[] {
  if (live.loadBalancerNames.length === 0) return [...live.suspendedProcesses];
  const isFree = (name: string) => !OF_THE_ATTACHMENT.includes(name);
  const mine = textsOf(written.suspendedProcesses).filter((name) => !isFree(name));
  return [...live.suspendedProcesses.filter(isFree), ...mine].toSorted();
}

function policiesIn(live: AutoScalingGroup, written: Inputs): string[] {
  const mine = textsOf(written.terminationPolicies);
  return mine.join() === live.terminationPolicies.join() ? mine : [...writtenPolicies(live.terminationPolicies)];
}
