import type { World } from "../world/world.ts";
import { taggedResourceNotFound, tagIdInvalid } from "./errors.ts";

interface Kind {
  readonly type: string;
  readonly notFound: string;
  /** What the cloud says when there is none, without its id. @defaultValue `type` */
  readonly named?: string;
}

/** By id prefix. The leading blank of VPC codes is the cloud's own. Source: Corymbia/eucalyptus `tags/*.java`. */
const KINDS: Readonly<Record<string, Kind>> = {
  i: { type: "instance", notFound: "InvalidInstanceID.NotFound", named: "instance ID" },
  sg: { type: "security-group", notFound: "InvalidGroup.NotFound", named: "security group" },
  vol: { type: "volume", notFound: "InvalidVolume.NotFound" },
  snap: { type: "snapshot", notFound: "InvalidSnapshot.NotFound" },
  emi: { type: "image", notFound: "InvalidAMIID.NotFound" },
  ami: { type: "image", notFound: "InvalidAMIID.NotFound" },
  eki: { type: "image", notFound: "InvalidAMIID.NotFound" },
  aki: { type: "image", notFound: "InvalidAMIID.NotFound" },
  eri: { type: "image", notFound: "InvalidAMIID.NotFound" },
  ari: { type: "image", notFound: "InvalidAMIID.NotFound" },
  vpc: { type: "vpc", notFound: " InvalidVpcID.NotFound" },
  subnet: { type: "subnet", notFound: " InvalidSubnetID.NotFound" },
  eni: { type: "network-interface", notFound: " InvalidNetworkInterfaceID.NotFound", named: "network interface" },
  igw: { type: "internet-gateway", notFound: " InvalidInternetGatewayID.NotFound", named: "internet gateway" },
  rtb: { type: "route-table", notFound: " InvalidRouteTableID.NotFound", named: "route table" },
  acl: { type: "network-acl", notFound: " InvalidNetworkAclID.NotFound", named: "network acl" },
  nat: { type: "natgateway", notFound: " InvalidNatGatewayID.NotFound", named: "nat gateway" },
  dopt: { type: "dhcp-options", notFound: " InvalidDhcpOptionID.NotFound", named: "dhcp options" },
  lt: { type: "launch-template", notFound: "InvalidLaunchTemplateId.NotFound", named: "launch template" },
  eipalloc: { type: "elastic-ip", notFound: "InvalidAllocationID.NotFound", named: "address allocation" },
};

/** @throws {ServiceError} `InvalidID` when it is not an id of something taggable. */
export function taggableKind(id: string): Kind {
  const kind = /^[a-z]{1,32}-[0-9a-fA-F]{8}(?:[0-9a-fA-F]{9})?$/.test(id) ? KINDS[prefixOf(id)] : undefined;
  if (!kind) throw tagIdInvalid(id);
  return kind;
}

/** The id as the cloud writes it. @throws {ServiceError} with the resource's own code when there is no such resource. */
export function existingResource(world: World, id: string): string {
  const kind = taggableKind(id);
  const known = id.toLowerCase();
  if (!exists(world, known)) throw taggedResourceNotFound(kind.notFound, notFoundMessage(kind, id));
  return known;
}

/** Instances, groups and images in the words of their own describe calls, all others with a full stop. */
function notFoundMessage({ type, named = type }: Kind, id: string): string {
  const stop = ["instance", "security-group", "image"].includes(type) ? "" : ".";
  return `The ${named} '${id}' does not exist${stop}`;
}

export function resourceTypeOf(id: string): string {
  return KINDS[prefixOf(id)]?.type ?? "";
}

const prefixOf = (id: string): string => id.toLowerCase().split("-")[0] ?? "";

function exists(world: World, id: string): boolean {
  const { vpc } = world.state;
  return (
    world.instance(id) !== undefined ||
    world.group(id) !== undefined ||
    world.images.has(id) ||
    (vpc !== undefined && [vpc.vpcId, vpc.subnetId, vpc.dhcpOptionsId].includes(id)) ||
    world.livingInstances().some(({ networkInterfaceId }) => networkInterfaceId === id) ||
    [...world.state.addresses.values()].some(({ allocationId }) => allocationId === id)
  );
}
