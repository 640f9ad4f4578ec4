import type { Address } from "../world/types.ts";
import { action } from "./action.ts";
import { insufficientAddresses, internalFailure, requestedAddressNotFree } from "./errors.ts";

/**
 * The domain defaults to what the account has. `vpc` in EDGE gives an allocation id that can never be associated.
 * Source: Corymbia/eucalyptus `AddressManager.java`, `Addresses.java`.
 */
export const allocateAddress = action({
  name: "AllocateAddress",
  params: { Domain: "string?", Address: "string?" },

  run(world, { Domain: domain = world.isVpc ? "vpc" : "standard", Address: wanted }) {
    if (domain !== "vpc" && domain !== "standard") throw internalFailure("couldn't allocate addresses");
    const isTaken = (address: string) =>
      world.state.addresses.has(address) ||
      world.livingInstances().some(({ systemAddress }) => systemAddress === address);
    if (wanted !== undefined && (!world.isPublicAddress(wanted) || isTaken(wanted))) throw requestedAddressNotFree();
    const publicAddress = wanted ?? world.freePublicAddress();
    if (publicAddress === undefined) throw insufficientAddresses();

    const address: Address = {
      publicAddress,
      domain,
      allocationId: domain === "vpc" ? world.nextId("eipalloc") : undefined,
      associationId: undefined,
      instanceId: undefined,
    };
    world.state.addresses.set(publicAddress, address);
    return { publicIp: publicAddress, domain, allocationId: address.allocationId };
  },
});
