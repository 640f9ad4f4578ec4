import type { Instance } from "../world/types.ts";
import { ACCOUNT_ID, type World, ZONE } from "../world/world.ts";
import { type FilterFields, noMatch } from "./filters.ts";
import { dnsNames, STATE_CODES } from "./instanceItem.ts";

/** Source of the names: Corymbia/eucalyptus `VmInstances.java`. */
export function instanceFilters(world: World): FilterFields<Instance> {
  const groupNames = ({ groupIds }: Instance) => groupIds.map((id) => world.group(id)?.groupName);
  const whenPlaced = (value: string | undefined) => (instance: Instance) =>
    instance.networkInterfaceId !== undefined && instance.state !== "terminated" ? value : undefined;
  return {
    ...noMatch(...NEVER_MATCHING),
    architecture: () => "x86_64",
    "availability-zone": () => ZONE,
    "client-token": ({ clientToken }) => clientToken,
    "dns-name": (instance) => dnsNames(world, instance).public,
    "group-id": ({ groupIds }) => groupIds,
    "group-name": groupNames,
    "instance.group-id": ({ groupIds }) => groupIds,
    "instance.group-name": groupNames,
    "image-id": ({ imageId }) => imageId,
    "instance-id": ({ instanceId }) => instanceId,
    "instance-state-code": ({ state }) => STATE_CODES[state],
    "instance-state-name": ({ state }) => state,
    "instance-type": ({ instanceType }) => instanceType,
    "ip-address": (instance) => dnsNames(world, instance).public || undefined,
    "key-name": ({ keyName }) => keyName,
    "launch-index": ({ launchIndex }) => launchIndex,
    "launch-time": ({ launchTime }) => launchTime,
    "monitoring-state": ({ monitoring }) => (monitoring ? "enabled" : "disabled"),
    "owner-id": () => ACCOUNT_ID,
    "private-dns-name": (instance) => dnsNames(world, instance).private,
    "private-ip-address": (instance) => dnsNames(world, instance).private || undefined,
    reason: ({ reason }) => reason,
    "reservation-id": ({ reservationId }) => reservationId,
    "root-device-name": () => "/dev/sda1",
    "root-device-type": () => "instance-store",
    "subnet-id": whenPlaced(world.state.vpc?.subnetId),
    "virtualization-type": () => "hvm",
    "vpc-id": whenPlaced(world.state.vpc?.vpcId),
    ...interfaceFields(world, "network-interface.", whenPlaced),
    "association.public-ip": (instance) => world.addressOf(instance)?.publicAddress,
    "association.ip-owner-id": (instance) => (world.addressOf(instance) ? ACCOUNT_ID : undefined),
    "association.allocation-id": (instance) => world.addressOf(instance)?.allocationId,
    "association.association-id": (instance) => world.addressOf(instance)?.associationId,
  };
}

/** The name of the interface's own id is doubled by the cloud. */
function interfaceFields(
  world: World,
  prefix: string,
  whenPlaced: (value: string | undefined) => (instance: Instance) => string | undefined,
): FilterFields<Instance> {
  const attachment = `${prefix}attachment.`;
  return {
    [`${prefix}network-interface.id`]: ({ networkInterfaceId }) => networkInterfaceId,
    [`${prefix}description`]: whenPlaced("Primary network interface"),
    [`${prefix}subnet-id`]: whenPlaced(world.state.vpc?.subnetId),
    [`${prefix}vpc-id`]: whenPlaced(world.state.vpc?.vpcId),
    [`${prefix}owner-id`]: whenPlaced(ACCOUNT_ID),
    [`${prefix}availability-zone`]: whenPlaced(ZONE),
    [`${prefix}status`]: whenPlaced("in-use"),
    [`${prefix}mac-address`]: ({ macAddress }) => macAddress.toLowerCase(),
    [`${prefix}source-destination-check`]: ({ sourceDestCheck }) => sourceDestCheck,
    [`${prefix}group-id`]: ({ groupIds }) => groupIds,
    [`${prefix}group-name`]: ({ groupIds }) => groupIds.map((id) => world.group(id)?.groupName),
    [`${prefix}addresses.private-ip-address`]: ({ privateAddress }) => privateAddress,
    [`${prefix}addresses.primary`]: () => true,
    [`${prefix}addresses.association.public-ip`]: (instance) => world.publicAddressOf(instance),
    [`${prefix}addresses.association.ip-owner-id`]: whenPlaced(ACCOUNT_ID),
    [`${attachment}attachment-id`]: ({ attachmentId }) => attachmentId,
    [`${attachment}instance-id`]: ({ instanceId }) => instanceId,
    [`${attachment}instance-owner-id`]: whenPlaced(ACCOUNT_ID),
    [`${attachment}device-index`]: () => 0,
    [`${attachment}status`]: whenPlaced("attached"),
    [`${attachment}attach-time`]: ({ launchTime }) => launchTime,
    [`${attachment}delete-on-termination`]: () => true,
  };
}

/** Some for want of such resources here, some on every cloud. */
const NEVER_MATCHING = [
  ...["attach-time", "delete-on-termination", "device-name", "status", "volume-id"].map(
    (name) => `block-device-mapping.${name}`,
  ),
  ...["iam-instance-profile.arn", "instance-lifecycle", "kernel-id", "network-interface-private-dns-name", "platform"],
  ...["ramdisk-id", "tenancy", "hypervisor", "placement-group-name", "product-code", "product-code.type"],
  ...["requester-id", "source-dest-check", "spot-instance-request-id", "state-reason-code", "state-reason-message"],
];
