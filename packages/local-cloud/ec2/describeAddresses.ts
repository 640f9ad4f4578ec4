import type { Address } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { applyFilters } from "./filters.ts";
import { tagSet } from "./sets.ts";

/** Unknown ids and addresses give an empty set, never an error. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeAddresses = action({
  name: "DescribeAddresses",
  params: { PublicIp: ["string"], AllocationId: ["string"], Filter: FILTER },

  run(world, { PublicIp, AllocationId, Filter }) {
    const wanted = new Set([...PublicIp, ...AllocationId].filter((id) => id !== "verbose"));
    const asked = [...world.state.addresses.values()].filter(
      ({ publicAddress, allocationId }) =>
        PublicIp.length + AllocationId.length === 0 || wanted.has(publicAddress) || wanted.has(allocationId ?? ""),
    );
    const matching = applyFilters(asked, Filter, addressFields(world), ({ allocationId }) =>
      world.tagsOf(allocationId),
    );
    return { addressesSet: matching.map((address) => addressItem(world, address)) };
  },
});

function addressItem(world: World, address: Address) {
  const target = targetOf(world, address);
  const inVpc = target?.networkInterfaceId !== undefined;
  return {
    publicIp: address.publicAddress,
    allocationId: address.allocationId,
    domain: address.domain,
    instanceId: address.instanceId,
    associationId: address.associationId,
    networkInterfaceId: target?.networkInterfaceId,
    networkInterfaceOwnerId: inVpc ? world.userId : undefined,
    privateIpAddress: inVpc ? target.privateAddress : undefined,
    tagSet: tagSet(world, address.allocationId),
  };
}

function targetOf(world: World, { instanceId }: Address) {
  return instanceId === undefined ? undefined : world.state.instances.get(instanceId);
}

/** Source of the names: Corymbia/eucalyptus `Addresses.java`. */
const addressFields = (world: World) => ({
  "allocation-id": ({ allocationId }: Address) => allocationId,
  "association-id": ({ associationId }: Address) => associationId,
  domain: ({ domain }: Address) => domain,
  "instance-id": ({ instanceId }: Address) => instanceId,
  "network-interface-id": (address: Address) => targetOf(world, address)?.networkInterfaceId,
  "network-interface-owner-id": (address: Address) =>
    targetOf(world, address)?.networkInterfaceId ? world.userId : undefined,
  "private-ip-address": (address: Address) =>
    targetOf(world, address)?.networkInterfaceId ? targetOf(world, address)?.privateAddress : undefined,
  "public-ip": ({ publicAddress }: Address) => publicAddress,
});
