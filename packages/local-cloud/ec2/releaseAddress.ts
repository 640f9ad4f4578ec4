import { detachAddress } from "../world/addresses.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { addressNamed } from "./addressNamed.ts";
import { addressInUse, addressNotFound, allocationNotFound, missingParameter } from "./errors.ts";

/** EDGE releases an associated address too; VPC refuses. Source: Corymbia/eucalyptus `AddressManager.java`. */
export const releaseAddress = action({
  name: "ReleaseAddress",
  params: { PublicIp: "string?", AllocationId: "string?" },

  run(world, { PublicIp, AllocationId }) {
    const given = PublicIp ?? AllocationId;
    if (given === undefined) throw missingParameter("PublicIp or AllocationId required");
    const address = addressNamed(world, given);
    if (!address && AllocationId !== undefined) throw allocationNotFound(AllocationId);
    if (!address) throw addressNotFound("ReleaseAddress", given);
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
