import type { AutoScalingGroup, GroupSettings } from "@planet/eucalyptus-client";
import type { Inputs } from "@planet/pulumi-plugin";
import { flagIn, textOf, textsOf } from "../values.ts";

/** What the cloud takes where nothing is said. Seen on 5.1.0. */
const COOLDOWN_SECONDS = 300;
const DEFAULT_POLICIES = ["Default"];

/** What an update can set, for these inputs; what they leave open stays as it is. */
export function settingsOf(inputs: Inputs, live: AutoScalingGroup | undefined): GroupSettings {
  const number = (name: string, otherwise: number) => (typeof inputs[name] === "number" ? inputs[name] : otherwise);
  const [minSize, maxSize] = [number("minSize", 0), number("maxSize", 0)];
  const desired = number("desiredCapacity", live?.desiredCapacity ?? minSize);
  const healthCheckType = textOf(inputs, "healthCheckType");
  const policies = textsOf(inputs.terminationPolicies);
  return {
    launchConfigurationName: textOf(inputs, "launchConfiguration"),
    minSize,
    maxSize,
    desiredCapacity: Math.max(minSize, Math.min(maxSize, desired)),
    defaultCooldown: number("defaultCooldown", live?.defaultCooldown ?? COOLDOWN_SECONDS),
    healthCheckType:
      healthCheckType === "" ? (live?.healthCheckType ?? "EC2") : healthCheckType === "ELB" ? "ELB" : "EC2",
    healthCheckGracePeriod: number("healthCheckGracePeriod", 0),
    terminationPolicies: policies.length === 0 ? DEFAULT_POLICIES : policies,
    isProtectedFromScaleIn: flagIn(inputs, "protectFromScaleIn") ?? false,
  };
}

/** The program's word for policies that are there: none for the cloud's own. */
export function writtenPolicies(live: readonly string[]): readonly string[] {
  return live.join() === DEFAULT_POLICIES.join() ? [] : live;
}

/** The same settings with other sizes. */
export function withSizes(
  settings: GroupSettings,
  minSize: number,
  maxSize: number,
  desiredCapacity: number,
): GroupSettings {
  return { ...settings, minSize, maxSize, desiredCapacity };
}

/** Those of a group as it is. */
export function settingsIn(live: AutoScalingGroup): GroupSettings {
  const { launchConfigurationName, minSize, maxSize, desiredCapacity, defaultCooldown } = live;
  const { healthCheckType, healthCheckGracePeriod, terminationPolicies, isProtectedFromScaleIn } = live;
  return {
    ...{ launchConfigurationName, minSize, maxSize, desiredCapacity, defaultCooldown },
    ...{ healthCheckType, healthCheckGracePeriod, terminationPolicies, isProtectedFromScaleIn },
  };
}

export function sameSettings(one: GroupSettings, other: GroupSettings): boolean {
  const text = (settings: GroupSettings) =>
    JSON.stringify(Object.entries(settings).toSorted(([a], [b]) => a.localeCompare(b)));
  return text(one) === text(other);
}

type Sizes = Pick<GroupSettings, "minSize" | "maxSize" | "desiredCapacity">;

export function sameSizes(one: Sizes, other: Sizes): boolean {
  const sizes = ({ minSize, maxSize, desiredCapacity }: Sizes) => [minSize, maxSize, desiredCapacity].join();
  return sizes(one) === sizes(other);
}
