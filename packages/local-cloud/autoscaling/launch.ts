import { runInstances } from "../ec2/runInstances.ts";
import { putTags } from "../ec2/tagRules.ts";
import { bind } from "../wire/binding.ts";
import type { Parameter } from "../wire/target.ts";
import { type World, ZONE } from "../world/world.ts";
import type { LaunchConfiguration, Member, ScalingGroup } from "./types.ts";

/** Users cannot write it. */
const GROUP_TAG = "aws:autoscaling:groupName";

/**
 * Launches one instance as the group's account, by EC2's own rules, and gives it the group's tags.
 * @throws {ServiceError} EC2's refusal, which becomes the activity's message
 */
export function launchMember(world: World, group: ScalingGroup, configuration: LaunchConfiguration): Member {
  const before = new Set(world.state.instances.keys());
  runInstances.run(world, bind(runInstances.params, parametersOf(world, group, configuration)));
  const instanceId = [...world.state.instances.keys()].find((id) => !before.has(id)) ?? "";
  const propagated = [...group.tags].flatMap(([key, { value, propagate }]) =>
    propagate ? [[key, value] as const] : [],
  );
  putTags(world, [instanceId], [...propagated, [GROUP_TAG, group.name]]);
  return {
    instanceId,
    zone: ZONE,
    launchConfigurationName: configuration.name,
    launchedAt: world.now().toISOString(),
    lifecycle: "Pending",
    health: "Healthy",
    isProtected: group.protectsNewMembers,
    isRegistered: false,
    registrationFailures: 0,
  };
}

function parametersOf(world: World, group: ScalingGroup, configuration: LaunchConfiguration): Parameter[] {
  const given: readonly (readonly [name: string, value: string | undefined])[] = [
    ["ImageId", configuration.imageId],
    ["InstanceType", configuration.instanceType],
    ["MinCount", "1"],
    ["MaxCount", "1"],
    ["KeyName", configuration.keyName],
    ["UserData", configuration.userData],
    ["KernelId", configuration.kernelId],
    ["RamdiskId", configuration.ramdiskId],
    ["ClientToken", `${world.nextUuid()}_${ZONE}_1`],
    ["Placement.AvailabilityZone", ZONE],
    ["Monitoring.Enabled", String(configuration.monitoring)],
    ...networkParameters(group, configuration),
  ];
  return given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/** A public address can only be asked for with an interface, which has a subnet; EDGE refuses both, at each launch. */
function networkParameters(group: ScalingGroup, { securityGroups, associatePublicIpAddress }: LaunchConfiguration) {
  const subnet = group.subnets?.split(",")[0];
  if (associatePublicIpAddress !== undefined) {
    return [
      ["NetworkInterface.1.DeviceIndex", "0"],
      ["NetworkInterface.1.SubnetId", subnet],
      ["NetworkInterface.1.AssociatePublicIpAddress", String(associatePublicIpAddress)],
      ...securityGroups.map((id, index) => [`NetworkInterface.1.SecurityGroupId.${index + 1}`, id] as const),
    ] as const;
  }
  const groups = securityGroups.map((name, index) => {
    return [`${name.startsWith("sg-") ? "SecurityGroupId" : "SecurityGroup"}.${index + 1}`, name] as const;
  });
  return [["SubnetId", subnet] as const, ...groups];
}
