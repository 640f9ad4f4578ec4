import type { World } from "../world/world.ts";
import { taggedResourceNotFound, tagIdInvalid } from "./errors.ts";
import { isResourceId } from "./resourceIds.ts";

interface Kind {
  readonly type: string;
  readonly notFound: string;
}

/** By id prefix. The leading blank of VPC codes is the cloud's own. Source: Corymbia/eucalyptus `tags/*.java`. */
const KINDS: Readonly<Record<string, Kind>> = {
  i: { type: "instance", notFound: "InvalidInstanceID.NotFound" },
  sg: { type: "security-group", notFound: "InvalidGroup.NotFound" },
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
  eni: { type: "network-interface", notFound: " InvalidNetworkInterfaceID.NotFound" },
  igw: { type: "internet-gateway", notFound: " InvalidInternetGatewayID.NotFound" },
  rtb: { type: "route-table", notFound: " InvalidRouteTableID.NotFound" },
  acl: { type: "network-acl", notFound: " InvalidNetworkAclID.NotFound" },
  nat: { type: "natgateway", notFound: " InvalidNatGatewayID.NotFound" },
  dopt: { type: "dhcp-options", notFound: " InvalidDhcpOptionID.NotFound" },
  lt: { type: "launch-template", notFound: "InvalidLaunchTemplateId.NotFound" },
  eipalloc: { type: "elastic-ip", notFound: "InvalidAllocationID.NotFound" },
};

/** @throws {ServiceError} `InvalidID` when it is not an id of something taggable. */
export function taggableKind(id: string): Kind {
  const kind = isResourceId(id, "[a-z]{1,32}") ? KINDS[prefixOf(id)] : undefined;
  if (!kind) throw tagIdInvalid(id);
  return kind;
}

/** The id as the cloud writes it. @throws {ServiceError} with the resource's own code when there is no such resource. */
export function existingResource(world: World, id: string): string {
  const { notFound } = taggableKind(id);
  const known = id.toLowerCase();
  if (!exists(world, known)) throw taggedResourceNotFound(notFound, id);
  return known;
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
