import { queryAction } from "../wire/queryAction.ts";
import type { XmlNode } from "../wire/xml.ts";
import { enabledTypes } from "../world/instanceTypes.ts";
import { ACCOUNT_ID, type World } from "../world/world.ts";
import { alreadyExists, configurationNotFound, invalidParameters, resourceInUse, validationError } from "./errors.ts";
import { asked } from "./shared.ts";
import type { LaunchConfiguration } from "./types.ts";
import { checkFields, nameIn, PATTERNS } from "./validation.ts";

/**
 * Image, type, key, groups and profile have to be there now; what is wrong with user-data shows at each launch. A spot price, EBS
 * optimisation, tenancy and metadata options are dropped.
 */
export const createLaunchConfiguration = queryAction({
  name: "CreateLaunchConfiguration",
  basis: "observed",
  params: {
    LaunchConfigurationName: "string?",
    ImageId: "string?",
    InstanceType: "string?",
    KeyName: "string?",
    SecurityGroups: ["string"],
    UserData: "string?",
    KernelId: "string?",
    RamdiskId: "string?",
    InstanceMonitoring: { Enabled: "boolean?" },
    IamInstanceProfile: "string?",
    AssociatePublicIpAddress: "boolean?",
    BlockDeviceMappings: [
      { DeviceName: "string", VirtualName: "string?", Ebs: { SnapshotId: "string?", VolumeSize: "int?" } },
    ],
  },

  run(world, request) {
    checkFields({
      LaunchConfigurationName: { value: request.LaunchConfigurationName, isRequired: true, pattern: PATTERNS.name },
      ImageId: { value: request.ImageId, isRequired: true, pattern: PATTERNS.image },
      InstanceType: { value: request.InstanceType, isRequired: true, pattern: PATTERNS.name },
      KeyName: { value: request.KeyName, pattern: PATTERNS.name },
      UserData: { value: request.UserData, pattern: PATTERNS.userData },
    });
    const { LaunchConfigurationName: name = "", ImageId: imageId = "", InstanceType: instanceType = "" } = request;
    checkReferences(world, { ...request, imageId, instanceType });
    if (world.state.launchConfigurations.has(name)) throw alreadyExists();
    world.state.launchConfigurations.set(name, {
      name,
      arn: arnOf("launchConfiguration", world.nextUuid(), "launchConfigurationName", name),
      createdTime: world.now().toISOString(),
      imageId,
      instanceType,
      keyName: request.KeyName,
      securityGroups: request.SecurityGroups,
      userData: request.UserData,
      kernelId: request.KernelId,
      ramdiskId: request.RamdiskId,
      monitoring: request.InstanceMonitoring?.Enabled ?? true,
      profile: request.IamInstanceProfile,
      associatePublicIpAddress: request.AssociatePublicIpAddress,
      blockDevices: request.BlockDeviceMappings,
    });
    return undefined;
  },
});

/** Names shorter than three characters are padded with blanks. */
export function arnOf(kind: string, uuid: string, label: string, name: string): string {
  return `arn:aws:autoscaling::${ACCOUNT_ID}:${kind}:${uuid}:${label}/${name.padEnd(3)}`;
}

interface References {
  readonly imageId: string;
  readonly instanceType: string;
  readonly KeyName: string | undefined;
  readonly SecurityGroups: readonly string[];
  readonly IamInstanceProfile: string | undefined;
}

function checkReferences(world: World, { imageId, instanceType, ...request }: References): void {
  const ids = request.SecurityGroups.filter((group) => group.startsWith("sg-"));
  if (ids.length > 0 && ids.length < request.SecurityGroups.length) {
    throw validationError(
      "Must use either use group-id or group-name for all the security groups, not both at the same time",
    );
  }
  const unknown = request.SecurityGroups.filter((group) => !(world.group(group) ?? groupByName(world, group)));
  const problems = [
    !world.images.has(imageId.toLowerCase()) && `Invalid image id(s): [${imageId}]`,
    !enabledTypes(world.state.version).has(instanceType) && `Invalid instance type: ${instanceType}`,
    request.KeyName !== undefined &&
      !world.state.keyPairs.has(request.KeyName) &&
      `Invalid ssh key: ${request.KeyName}`,
    unknown.length > 0 && `Invalid security group(s): [${unknown.join(", ")}]`,
    request.IamInstanceProfile !== undefined && `Invalid instance profile: ${request.IamInstanceProfile}`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw invalidParameters(problems);
}

const groupByName = (world: World, name: string) =>
  name === "default" ? world.defaultGroup() : world.groupNamed(name);

/** @throws {ServiceError} `ValidationError` */
export function configurationNamed(world: World, text: string): LaunchConfiguration {
  const found = world.state.launchConfigurations.get(nameIn(text));
  if (!found) throw configurationNotFound(text);
  return found;
}

/** One that nobody has is nothing to refuse; one that only instances were made from goes. */
export const deleteLaunchConfiguration = queryAction({
  name: "DeleteLaunchConfiguration",
  basis: "observed",
  params: { LaunchConfigurationName: "string?" },

  run(world, { LaunchConfigurationName: given }) {
    checkFields({ LaunchConfigurationName: { value: given, isRequired: true, pattern: PATTERNS.name } });
    const name = nameIn(given ?? "");
    const groups = [...world.state.scalingGroups.values()];
    if (groups.some(({ launchConfigurationName }) => launchConfigurationName === name)) throw resourceInUse();
    world.state.launchConfigurations.delete(name);
    return undefined;
  },
});

/** One page, whatever is asked for. */
export const describeLaunchConfigurations = queryAction({
  name: "DescribeLaunchConfigurations",
  basis: "observed",
  params: { LaunchConfigurationNames: ["string"], MaxRecords: "int?" },

  run(world, { LaunchConfigurationNames, MaxRecords }) {
    checkFields({ MaxRecords: { value: MaxRecords, least: 1, most: 100 } });
    return { LaunchConfigurations: asked(world.state.launchConfigurations, LaunchConfigurationNames).map(description) };
  },
});

/** Element order as the cloud sends it. */
function description(one: LaunchConfiguration): XmlNode {
  return {
    LaunchConfigurationName: one.name,
    LaunchConfigurationARN: one.arn,
    ImageId: one.imageId,
    KeyName: one.keyName,
    SecurityGroups: one.securityGroups.length === 0 ? undefined : one.securityGroups,
    UserData: one.userData,
    InstanceType: one.instanceType,
    KernelId: one.kernelId,
    RamdiskId: one.ramdiskId,
    BlockDeviceMappings: one.blockDevices.length === 0 ? undefined : one.blockDevices.map((device) => ({ ...device })),
    InstanceMonitoring: { Enabled: one.monitoring },
    IamInstanceProfile: one.profile,
    CreatedTime: one.createdTime,
    AssociatePublicIpAddress: one.associatePublicIpAddress,
  };
}
