import { detachAddress } from "../world/addresses.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { addressInUse, addressNotFound, allocationNotFound, missingParameter } from "./errors.ts";

/** EDGE releases an associated address too; VPC refuses. Source: Corymbia/eucalyptus `AddressManager.java`. */
export const releaseAddress = action({
  name: "ReleaseAddress",
  params: { PublicIp: "string?", AllocationId: "string?" },

  run(world, { PublicIp, AllocationId }) {
    if (!PublicIp && !AllocationId) throw missingParameter("PublicIp or AllocationId required");
    const address = [...world.state.addresses.values()].find(({ publicAddress, allocationId }) =>
      AllocationId ? allocationId === AllocationId.toLowerCase() : publicAddress === PublicIp,
    );
    if (!address && AllocationId) throw allocationNotFound(AllocationId);
    if (!address) throw addressNotFound("ReleaseAddress", PublicIp ?? "");
    const holder = address.instanceId === undefined ? undefined : world.state.instances.get(address.instanceId);
    if (address.domain === "vpc" && holder) {
      throw addressInUse(address.publicAddress, holder.networkInterfaceId ?? holder.instanceId);
    }
    world.state.addresses.delete(address.publicAddress);
    detachAddress(world, address);
    if (address.allocationId) world.state.tags.delete(address.allocationId);
    return RETURN_TRUE;
  },
});
