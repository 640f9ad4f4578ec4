import type { XmlNode } from "../wire/xml.ts";
import type { Instance, InstanceStateName } from "../world/types.ts";
import { ACCOUNT_ID, type World, ZONE } from "../world/world.ts";
import { networkInterfaceItem } from "./networkInterfaceItem.ts";
import { groupSet, tagSet } from "./sets.ts";

export const STATE_CODES: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
};

export const stateItem = (name: InstanceStateName) => ({ code: STATE_CODES[name], name });

/** Element order as the cloud sends it (Corymbia/eucalyptus `ec2-instances-*.xml`). */
function instanceItem(world: World, instance: Instance): XmlNode {
  const { state, networkInterfaceId } = instance;
  const gone = state === "terminated";
  const hasInterface = networkInterfaceId !== undefined && !gone;
  const names = dnsNames(world, instance);
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    instanceState: stateItem(state),
    privateDnsName: names.private,
    dnsName: names.public,
    reason: instance.reason,
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.instanceType,
    launchTime: instance.launchTime,
    placement: { availabilityZone: ZONE },
    monitoring: { state: instance.monitoring ? "enabled" : "disabled" },
    subnetId: world.state.vpc?.subnetId,
    vpcId: world.state.vpc?.vpcId,
    privateIpAddress: gone ? undefined : instance.privateAddress,
    ipAddress: names.public === "" ? undefined : names.public,
    sourceDestCheck: hasInterface ? instance.sourceDestCheck : undefined,
    groupSet: groupSet(world, instance.groupIds),
    architecture: "x86_64",
    rootDeviceType: "instance-store",
    rootDeviceName: "/dev/sda1",
    blockDeviceMapping: [],
    virtualizationType: "hvm",
    clientToken: instance.clientToken || undefined,
    tagSet: tagSet(world, instance.instanceId),
    networkInterfaceSet: hasInterface ? [networkInterfaceItem(world, instance, "instance")] : undefined,
    iamInstanceProfile: {},
  };
}

/** Addresses in the place of names, since instance DNS is off; without a public one EDGE repeats the private one. */
export function dnsNames(world: World, instance: Instance): { readonly private: string; readonly public: string } {
  if (instance.state === "terminated") return { private: "", public: "" };
  const fallback = world.isVpc ? "" : instance.privateAddress;
  return { private: instance.privateAddress, public: world.publicAddressOf(instance) ?? fallback };
}

/** `reservationSet/item` without the order of reservations promised. */
export function reservationItem(world: World, instances: readonly Instance[]): XmlNode {
  const [first] = instances;
  return {
    reservationId: first?.reservationId,
    ownerId: ACCOUNT_ID,
    groupSet: groupSet(world, first?.groupIds ?? []),
    instancesSet: instances.map((instance) => instanceItem(world, instance)),
  };
}
