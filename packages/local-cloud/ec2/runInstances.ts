import { giveSystemAddress } from "../world/addresses.ts";
import { defaultType, enabledTypes, INSTANCE_TYPES } from "../world/instanceTypes.ts";
import { REASONS } from "../world/life.ts";
import type { Instance } from "../world/types.ts";
import { ACCOUNT_ARN, ACCOUNT_ID, NO_ADDRESS, USER_ARN, type World, ZONE } from "../world/world.ts";
import { action } from "./action.ts";
import {
  backendFailure,
  imageIdMissing,
  imageLookupFailed,
  insufficientAddresses,
  internalFailure,
  invalidParameterValue,
  keyPairLookupFailed,
  serviceUnavailable,
  textTooLong,
  typeNotAuthorized,
} from "./errors.ts";
import { reservationItem } from "./instanceItem.ts";
import { launchNetwork, NETWORK_INTERFACE } from "./launchNetwork.ts";
import { checkedTags, putTags } from "./tagRules.ts";

/** Bytes after decoding. Source: Corymbia/eucalyptus `VerifyMetadata.java`; operators may raise it. */
const USER_DATA_LIMIT_BYTES = 16_384;

/** Characters; a longer one does not fit its column (observed on Eucalyptus 5.1.0, 2026-11-28). */
const CLIENT_TOKEN_LIMIT = 255;

/** Instances that one machine can reasonably hold; the cloud's answer beyond it is "no capacity". */
const CAPACITY = 20;

/**
 * Launches instances; the machine follows after the answer.
 * Source: Corymbia/eucalyptus `RunInstancesType.java`, `VmControl.java`, `VerifyMetadata.java` (order of checks).
 */
export const runInstances = action({
  name: "RunInstances",
  params: {
    ImageId: "string?",
    MinCount: "int?",
    MaxCount: "int?",
    KeyName: "string?",
    SecurityGroup: ["string"],
    SecurityGroupId: ["string"],
    AdditionalInfo: "string?",
    UserData: "string?",
    Encoding: "string?",
    AddressingType: "string?",
    InstanceType: "string?",
    KernelId: "string?",
    RamdiskId: "string?",
    Placement: { AvailabilityZone: "string?", GroupName: "string?", Tenancy: "string?" },
    BlockDeviceMapping: [
      {
        DeviceName: "string?",
        VirtualName: "string?",
        NoDevice: "string?",
        Ebs: {
          SnapshotId: "string?",
          VolumeSize: "int?",
          VolumeType: "string?",
          Iops: "int?",
          Encrypted: "boolean?",
          DeleteOnTermination: "boolean?",
        },
      },
    ],
    Monitoring: { Enabled: "boolean?" },
    SubnetId: "string?",
    DisableApiTermination: "boolean?",
    InstanceInitiatedShutdownBehavior: "string?",
    PrivateIpAddress: "string?",
    ClientToken: "string?",
    NetworkInterface: NETWORK_INTERFACE,
    IamInstanceProfile: { Arn: "string?", Name: "string?" },
    EbsOptimized: "boolean?",
    LaunchTemplate: { LaunchTemplateId: "string?", LaunchTemplateName: "string?", Version: "string?" },
    TagSpecification: [{ ResourceType: "string?", Tag: [{ Key: "string?", Value: "string?" }] }],
  },

  newIn5: ["LaunchTemplate", "TagSpecification"],

  run(world, request) {
    // Parameters are not compared: a repeated token gets the first reservation as it is now.
    const earlier = request.ClientToken ? withToken(world, request.ClientToken) : [];
    if (earlier.length > 0) return reservationItem(world, earlier);

    if (request.LaunchTemplate) throw internalFailure("Launch template not found");
    const instanceType = request.InstanceType ?? defaultType(world.state.version);
    if (!INSTANCE_TYPES.has(instanceType)) throw runFailed(`Instance type does not exist: ${instanceType}`);
    checkZone(request.Placement?.AvailabilityZone);
    const image = imageOf(world, request.ImageId);
    const keyPair = keyPairOf(world, request.KeyName);
    const network = launchNetwork(world, request);
    if (request.IamInstanceProfile) throw invalidProfile(request.IamInstanceProfile);
    if (request.BlockDeviceMapping.some(({ Ebs }) => Ebs)) {
      throw runFailed("Ebs block device mappings are not supported");
    }
    const userData = decodedUserData(request.UserData);
    const tags = launchTags(request.TagSpecification);
    if (!enabledTypes(world.state.version).has(instanceType)) throw typeNotAuthorized(instanceType, USER_ARN);
    const zone = request.Placement?.AvailabilityZone ?? "";
    const count = countOf(world, request.MinCount ?? 0, request.MaxCount ?? 0, zone);
    if ((request.ClientToken ?? "").length > CLIENT_TOKEN_LIMIT) throw textTooLong("RunInstances");

    const reservationId = world.nextId("r");
    const launchTime = world.now().toISOString();
    const isPlaced = network.privateAddress !== NO_ADDRESS;
    const wantsPublicAddress = isPlaced && network.wantsPublicAddress;
    const launched = Array.from({ length: count }, (_, launchIndex): Instance => {
      const instance: Instance = {
        instanceId: world.nextId("i"),
        reservationId,
        launchIndex,
        clientToken: request.ClientToken,
        ...image,
        instanceType,
        keyName: keyPair?.keyName,
        publicKey: keyPair?.publicKey,
        userData,
        launchTime,
        privateAddress: network.privateAddress ?? world.freePrivateAddress() ?? outOfAddresses(),
        macAddress: macAddress(world),
        wantsPublicAddress,
        networkInterfaceId: world.isVpc && isPlaced ? world.nextId("eni") : undefined,
        attachmentId: world.isVpc && isPlaced ? world.nextId("eni-attach") : undefined,
        monitoring: request.Monitoring?.Enabled ?? false,
        groupIds: network.groupIds,
        state: "pending",
        reason: REASONS.normal,
        systemAddress: undefined,
        terminatedAt: undefined,
        disableApiTermination: request.DisableApiTermination ?? false,
        sourceDestCheck: true,
        reboots: 0,
      };
      world.state.instances.set(instance.instanceId, instance);
      if (wantsPublicAddress) giveSystemAddress(world, instance);
      if (tags.length > 0) putTags(world, [instance.instanceId], tags);
      return instance;
    });
    return reservationItem(world, launched);
  },
});

const runFailed = (message: string) => backendFailure("RunInstances", `java.lang.RuntimeException: ${message}`);

const invalidProfile = ({ Arn, Name }: { Arn: string | undefined; Name: string | undefined }) =>
  invalidParameterValue(`Invalid IAM instance profile: ${Arn ?? `${ACCOUNT_ID}/${Name}`}`);

function withToken(world: World, token: string): Instance[] {
  return world.instances().filter(({ clientToken }) => clientToken === token);
}

function checkZone(zone: string | undefined): void {
  if (zone === undefined || zone === "" || zone === ZONE) return;
  const reason = "Not enough resources: no cluster controller is currently available to run instances.";
  throw backendFailure("RunInstances", `com.eucalyptus.cloud.run.VerificationException: ${reason}`);
}

function imageOf(world: World, imageId: string | undefined) {
  if (!imageId) throw imageIdMissing();
  const imageName = world.images.get(imageId.toLowerCase());
  if (!imageName) throw imageLookupFailed(imageId);
  return { imageId: imageId.toLowerCase(), imageName };
}

function keyPairOf(world: World, name: string | undefined) {
  if (!name) return undefined;
  const keyPair = world.state.keyPairs.get(name);
  if (!keyPair) throw keyPairLookupFailed(name, ACCOUNT_ARN);
  return keyPair;
}

/** What is not base64 is dropped: the instance starts without user data. */
function decodedUserData(text: string | undefined): string | undefined {
  const compact = text?.replace(/\s/g, "") ?? "";
  if (compact === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(compact, "base64");
  if (bytes.length > USER_DATA_LIMIT_BYTES) throw invalidParameterValue("User data may not exceed 16 KB");
  return bytes.toString("base64");
}

function launchTags(
  specifications: readonly {
    ResourceType: string | undefined;
    Tag: readonly { Key: string | undefined; Value: string | undefined }[];
  }[],
) {
  const types = specifications.map(({ ResourceType }) => ResourceType);
  if (new Set(types).size < types.length) {
    throw invalidParameterValue("The same resource type may not be specified more than once in tag specifications");
  }
  const checked = specifications.map(({ ResourceType, Tag }) => ({ type: ResourceType, tags: checkedTags(Tag) }));
  return checked.filter(({ type }) => type === "instance").flatMap(({ tags }) => tags);
}

function countOf(world: World, least: number, most: number, zone: string): number {
  if (most < least) {
    throw serviceUnavailable("Maximum instance count must not be smaller than minimum instance count");
  }
  if (most < 1) {
    throw world.isVpc
      ? serviceUnavailable(`Default subnet not found for zone: ${zone} for ${ACCOUNT_ARN}`)
      : internalFailure(`Invalid instance counts: ${least}-${most}`);
  }
  const free = world.isFull() ? 0 : CAPACITY - world.livingInstances().length;
  if (free < Math.max(least, 1)) {
    throw serviceUnavailable(`Not enough resources (${free} in ${zone} < ${Math.max(least, 1)}): vm instances.`);
  }
  return Math.min(most, free);
}

/** EC2's own prefix on Eucalyptus is `d0:0d`; the rest follows from a counter. */
function macAddress(world: World): string {
  const digits = world.nextToken().slice(0, 8).toUpperCase();
  return ["D0", "0D", ...(digits.match(/../g) ?? [])].join(":");
}

function outOfAddresses(): never {
  throw insufficientAddresses();
}
