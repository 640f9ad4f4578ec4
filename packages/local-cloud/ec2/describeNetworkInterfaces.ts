import type { Instance } from "../world/types.ts";
import { ACCOUNT_ID, type World, ZONE } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { networkInterfaceNotFound } from "./errors.ts";
import { applyFilters, type FilterFields, noMatch } from "./filters.ts";
import { networkInterfaceItem } from "./networkInterfaceItem.ts";
import { checkIds, withoutMagicId } from "./resourceIds.ts";

/** One interface per living instance in VPC mode, none in EDGE. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeNetworkInterfaces = action({
  name: "DescribeNetworkInterfaces",
  params: { NetworkInterfaceId: ["string"], Filter: FILTER },

  run(world, { NetworkInterfaceId, Filter }) {
    const ids = withoutMagicId(NetworkInterfaceId);
    checkIds(ids, "networkInterfaces", "eni");
    const holders = world.livingInstances().filter(({ networkInterfaceId }) => networkInterfaceId !== undefined);
    const missing = ids.find(
      (id) => !holders.some(({ networkInterfaceId }) => networkInterfaceId === id.toLowerCase()),
    );
    if (missing !== undefined) throw networkInterfaceNotFound(missing);
    const wanted = new Set(ids.map((id) => id.toLowerCase()));
    const asked = holders.filter(({ networkInterfaceId = "" }) => wanted.size === 0 || wanted.has(networkInterfaceId));
    const matching = applyFilters(asked, Filter, interfaceFields(world), ({ networkInterfaceId }) =>
      world.tagsOf(networkInterfaceId),
    );
    return { networkInterfaceSet: matching.map((instance) => networkInterfaceItem(world, instance, "interface")) };
  },
});

function interfaceFields(world: World): FilterFields<Instance> {
  const publicIp = (instance: Instance) => world.publicAddressOf(instance);
  const owner = (instance: Instance) => (world.addressOf(instance) ? ACCOUNT_ID : undefined);
  return {
    ...noMatch("attachment.nat-gateway-id", "requester-id"),
    "addresses.private-ip-address": ({ privateAddress }) => privateAddress,
    "addresses.primary": () => true,
    "addresses.association.public-ip": publicIp,
    "addresses.association.owner-id": owner,
    "association.public-ip": publicIp,
    "association.ip-owner-id": owner,
    "association.allocation-id": (instance) => world.addressOf(instance)?.allocationId,
    "association.association-id": (instance) => world.addressOf(instance)?.associationId,
    "association.public-dns-name": publicIp,
    "attachment.attachment-id": ({ attachmentId }) => attachmentId,
    "attachment.instance-id": ({ instanceId }) => instanceId,
    "attachment.instance-owner-id": () => ACCOUNT_ID,
    "attachment.device-index": () => 0,
    "attachment.status": () => "attached",
    "attachment.attach.time": ({ launchTime }) => launchTime,
    "attachment.delete-on-termination": () => true,
    "availability-zone": () => ZONE,
    description: () => "Primary network interface",
    "group-id": ({ groupIds }) => groupIds,
    "group-name": ({ groupIds }) => groupIds.map((id) => world.group(id)?.groupName),
    "mac-address": ({ macAddress }) => macAddress.toLowerCase(),
    "network-interface-id": ({ networkInterfaceId }) => networkInterfaceId,
    "owner-id": () => ACCOUNT_ID,
    "private-ip-address": ({ privateAddress }) => privateAddress,
    "private-dns-name": ({ privateAddress }) => privateAddress,
    "requester-managed": () => false,
    "source-dest-check": ({ sourceDestCheck }) => sourceDestCheck,
    status: () => "in-use",
    "subnet-id": () => world.state.vpc?.subnetId,
    "vpc-id": () => world.state.vpc?.vpcId,
  };
}
