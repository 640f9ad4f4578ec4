import { attachAddress } from "../world/addresses.ts";
import type { Address, Instance } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { addressNamed } from "./addressNamed.ts";
import {
  addressNotFound,
  addressNotGiven,
  alreadyAssociated,
  incorrectInstanceState,
  instanceLookupFailed,
  instanceStateInvalid,
  internalFailure,
  invalidParameterCombination,
  missingParameter,
} from "./errors.ts";
import { checkIds } from "./resourceIds.ts";

/**
 * Puts an elastic address on an instance. Reassociation is allowed by default; in EDGE it is not looked at.
 * Source: Corymbia/eucalyptus `AddressManager.java`, `AssociateAddressType.java`.
 */
export const associateAddress = action({
  name: "AssociateAddress",
  params: {
    PublicIp: "string?",
    AllocationId: "string?",
    InstanceId: "string?",
    NetworkInterfaceId: "string?",
    PrivateIpAddress: "string?",
    AllowReassociation: "boolean?",
  },

  run(world, request) {
    const { InstanceId, NetworkInterfaceId, AllowReassociation = true } = request;
    if (InstanceId !== undefined) checkIds([InstanceId], "instanceId", "i");
    if (NetworkInterfaceId !== undefined) checkIds([NetworkInterfaceId], "networkInterface", "eni");
    const address = findAddress(world, request);
    const instance = InstanceId === undefined ? holderOf(world, NetworkInterfaceId) : world.instance(InstanceId);
    if (InstanceId !== undefined && !instance) throw instanceLookupFailed("AssociateAddress", InstanceId);
    const interfaceId = InstanceId === undefined ? NetworkInterfaceId : undefined;
    return world.isVpc
      ? associateInVpc(world, address, instance, interfaceId, AllowReassociation)
      : associateInEdge(world, address, InstanceId === undefined ? undefined : instance);
  },
});

function findAddress(world: World, named: { PublicIp: string | undefined; AllocationId: string | undefined }): Address {
  const given = named.PublicIp ?? named.AllocationId;
  const address = addressNamed(world, given);
  if (!address)
    throw given !== undefined ? addressNotFound("AssociateAddress", given) : addressNotGiven("AssociateAddress");
  return address;
}

function holderOf(world: World, networkInterfaceId: string | undefined): Instance | undefined {
  if (networkInterfaceId === undefined) return undefined;
  return world.livingInstances().find((instance) => instance.networkInterfaceId === networkInterfaceId.toLowerCase());
}

function associateInEdge(world: World, address: Address, instance: Instance | undefined) {
  if (!instance) throw invalidParameterCombination("InstanceId must be specified when using PublicIp");
  checkUsable(instance);
  if (address.domain === "vpc") throw internalFailure(`Address ${address.publicAddress} is of domain vpc`);
  if (address.instanceId !== instance.instanceId) attachAddress(world, address, instance);
  return RETURN_TRUE;
}

function associateInVpc(
  world: World,
  address: Address,
  instance: Instance | undefined,
  networkInterfaceId: string | undefined,
  allowReassociation: boolean,
) {
  if (!instance && networkInterfaceId) throw internalFailure(`Failed to find interface: ${networkInterfaceId}`);
  if (!instance) throw missingParameter("Either instance ID or network interface id must be specified");
  checkUsable(instance, networkInterfaceId);
  if (address.domain !== "vpc") throw internalFailure(`Address ${address.publicAddress} is of domain standard`);
  if (address.instanceId !== instance.instanceId) {
    if (address.instanceId !== undefined && !allowReassociation) throw alreadyAssociated();
    attachAddress(world, address, instance);
  }
  return { ...RETURN_TRUE, associationId: address.associationId };
}

function checkUsable({ instanceId, state }: Instance, networkInterfaceId?: string): void {
  if (state === "pending" || state === "running") return;
  if (networkInterfaceId !== undefined) {
    throw incorrectInstanceState(
      `The instance to which '${networkInterfaceId}' is attached is not in a valid state for this operation`,
    );
  }
  throw instanceStateInvalid(instanceId);
}
