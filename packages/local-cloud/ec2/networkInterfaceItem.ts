import type { XmlNode } from "../wire/xml.ts";
import type { Instance } from "../world/types.ts";
import { ACCOUNT_ID, DNS_DOMAIN, type World, ZONE } from "../world/world.ts";
import { groupSet, tagSet } from "./sets.ts";

/** VPC mode: each instance has one interface, which lives as long as it does. `form` is where it is shown. */
export function networkInterfaceItem(world: World, instance: Instance, form: "instance" | "interface"): XmlNode {
  const { networkInterfaceId, privateAddress } = instance;
  const own = form === "interface";
  const association = associationItem(world, instance, own);
  return {
    networkInterfaceId,
    subnetId: world.state.vpc?.subnetId,
    vpcId: world.state.vpc?.vpcId,
    availabilityZone: own ? ZONE : undefined,
    description: "Primary network interface",
    ownerId: ACCOUNT_ID,
    requesterManaged: own ? false : undefined,
    status: "in-use",
    macAddress: instance.macAddress.toLowerCase(),
    privateIpAddress: privateAddress,
    privateDnsName: privateDnsName(privateAddress),
    sourceDestCheck: instance.sourceDestCheck,
    groupSet: groupSet(world, instance.groupIds),
    attachment: {
      attachmentId: instance.attachmentId,
      instanceId: own ? instance.instanceId : undefined,
      instanceOwnerId: own ? ACCOUNT_ID : undefined,
      deviceIndex: 0,
      status: "attached",
      attachTime: instance.launchTime,
      deleteOnTermination: true,
    },
    association,
    tagSet: own ? tagSet(world, networkInterfaceId) : undefined,
    privateIpAddressesSet: [
      { privateIpAddress: privateAddress, privateDnsName: privateDnsName(privateAddress), primary: true, association },
    ],
  };
}

function associationItem(world: World, instance: Instance, withIds: boolean): XmlNode | undefined {
  const publicIp = world.publicAddressOf(instance);
  if (publicIp === undefined) return undefined;
  const address = world.addressOf(instance);
  return {
    publicIp,
    publicDnsName: `ec2-${dashed(publicIp)}.compute.${DNS_DOMAIN}`,
    // A system address belongs to nobody.
    ipOwnerId: address ? ACCOUNT_ID : undefined,
    allocationId: withIds ? address?.allocationId : undefined,
    associationId: withIds ? address?.associationId : undefined,
  };
}

const dashed = (address: string): string => address.replaceAll(".", "-");

const privateDnsName = (address: string): string => `ip-${dashed(address)}.compute.internal`;
