import { isIPv4 } from "node:net";
import type { SecurityGroup } from "../world/types.ts";
import { NO_ADDRESS, type World } from "../world/world.ts";
import {
  backendFailure,
  groupNotFound,
  invalidParameterCombination,
  invalidParameterValue,
  launchSubnetNotFound,
  networkInterfaceInUse,
  networkInterfaceNotFound,
  subnetFull,
} from "./errors.ts";

export const NETWORK_INTERFACE = [
  {
    NetworkInterfaceId: "string?",
    DeviceIndex: "int?",
    SubnetId: "string?",
    Description: "string?",
    PrivateIpAddress: "string?",
    SecurityGroupId: ["string"],
    DeleteOnTermination: "boolean?",
    PrivateIpAddresses: [{ PrivateIpAddress: "string?", Primary: "boolean?" }],
    SecondaryPrivateIpAddressCount: "int?",
    AssociatePublicIpAddress: "boolean?",
  },
] as const;

interface InterfaceRequest {
  readonly NetworkInterfaceId: string | undefined;
  readonly SubnetId: string | undefined;
  readonly PrivateIpAddress: string | undefined;
  readonly SecurityGroupId: readonly string[];
  readonly AssociatePublicIpAddress: boolean | undefined;
}

interface NetworkRequest {
  readonly SecurityGroup: readonly string[];
  readonly SecurityGroupId: readonly string[];
  readonly AddressingType: string | undefined;
  readonly SubnetId: string | undefined;
  readonly PrivateIpAddress: string | undefined;
  readonly NetworkInterface: readonly InterfaceRequest[];
}

interface LaunchNetwork {
  readonly groupIds: readonly string[];
  readonly wantsPublicAddress: boolean;
  /** {@link NO_ADDRESS} when the one asked for cannot be had: the instance then ends by itself. */
  readonly privateAddress: string | undefined;
}

/** Groups and addresses of a launch. Source: Corymbia/eucalyptus `VmInstanceLifecycleHelpers.java`, `NetworkGroups.java`. */
export function launchNetwork(world: World, request: NetworkRequest): LaunchNetwork {
  return world.isVpc ? vpcNetwork(world, request) : edgeNetwork(world, request);
}

function edgeNetwork(world: World, request: NetworkRequest): LaunchNetwork {
  if (request.SubnetId || request.NetworkInterface.length > 0) {
    throw invalidParameterValue("EC2-VPC not supported, for EC2-Classic do not specify subnet or network interface");
  }
  const byName = [...request.SecurityGroup, ...request.SecurityGroupId.filter((id) => !isGroupId(id))];
  const groups = [
    ...byName.map((name) => (name === "default" ? world.defaultGroup() : world.groupNamed(name)) ?? unknownName(name)),
    ...request.SecurityGroupId.filter(isGroupId).map((id) => world.group(id) ?? unknownGroup(id)),
  ];
  return {
    groupIds: idsOf(groups, world),
    wantsPublicAddress: request.AddressingType !== "private",
    privateAddress: undefined, // asked for or not: the cloud does not look
  };
}

function vpcNetwork(world: World, request: NetworkRequest): LaunchNetwork {
  if (request.AddressingType) throw invalidParameterValue("Addressing scheme not supported in EC2-VPC");
  const [first] = request.NetworkInterface;
  const instanceLevel =
    request.SubnetId ?? request.PrivateIpAddress ?? request.SecurityGroup[0] ?? request.SecurityGroupId[0];
  if (first && instanceLevel !== undefined) {
    throw invalidParameterCombination("Network interfaces and an instance-level setting may not be specified together");
  }
  if (first?.NetworkInterfaceId) checkInterface(world, first.NetworkInterfaceId);
  // With a default VPC, too, and whatever else is said of the interface (observed on Eucalyptus 5.1.0, 2026-11-28).
  if (first && !first.SubnetId) throw invalidParameterValue("SubnetId required");
  const subnetId = first?.SubnetId ?? request.SubnetId;
  if (subnetId && subnetId.toLowerCase() !== world.state.vpc?.subnetId) throw launchSubnetNotFound(subnetId);

  const names = [...request.SecurityGroup, ...request.SecurityGroupId];
  const groups = first
    ? first.SecurityGroupId.map((id) => world.group(id) ?? unknownName(id))
    : names.map((name) => knownForVpc(world, name));
  const address = first?.PrivateIpAddress ?? request.PrivateIpAddress;
  if (!address && world.freePrivateAddress() === undefined) throw subnetFull();
  return {
    groupIds: idsOf(groups, world),
    // The default subnet gives public addresses unless the launch says no.
    wantsPublicAddress: first?.AssociatePublicIpAddress ?? true,
    privateAddress: address && obtainedAddress(world, address, subnetId),
  };
}

function checkInterface(world: World, id: string): never {
  const used = world.livingInstances().some(({ networkInterfaceId }) => networkInterfaceId === id.toLowerCase());
  throw used ? networkInterfaceInUse(id) : networkInterfaceNotFound(id);
}

/** Only a subnet that was named refuses an address outside it (observed on Eucalyptus 5.1.0, 2026-11-28). */
function obtainedAddress(world: World, address: string, subnetId: string | undefined): string {
  const isInside = isIPv4(address) && address.startsWith(`${world.identity.privatePrefix}.`);
  if (!isInside && subnetId) {
    const { cidr } = world.state.vpc ?? {};
    throw invalidParameterValue(`Private address ${address} not valid for subnet ${subnetId} cidr ${cidr}`);
  }
  const isUsed = world.livingInstances().some(({ privateAddress }) => privateAddress === address);
  return isInside && !isUsed ? address : NO_ADDRESS;
}

function knownForVpc(world: World, name: string): SecurityGroup {
  if (isGroupId(name)) return world.group(name) ?? unknownGroup(name);
  const group = name === "default" ? world.defaultGroup() : world.groupNamed(name);
  return group ?? unknownGroup(`${name}, for vpc: ${world.state.vpc?.vpcId} for null`);
}

const isGroupId = (text: string): boolean => text.startsWith("sg-");

function idsOf(groups: readonly SecurityGroup[], world: World): string[] {
  const chosen = groups.length === 0 ? [world.defaultGroup()] : groups;
  return [...new Set(chosen.map(({ groupId }) => groupId))];
}

/** The client error is raised only where the cloud looks groups up by name (EDGE) or for one interface. */
function unknownName(name: string): never {
  throw groupNotFound(name);
}

function unknownGroup(name: string): never {
  throw backendFailure("RunInstances", `java.lang.RuntimeException: Failed to find security group: ${name}`);
}
