import { detachAddress } from "../world/addresses.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { addressNotFound, addressNotGiven, associationNotFound } from "./errors.ts";

/**
 * True also when the address is on nothing. Given both, the public address finds it and in VPC the id must still match.
 * Source: Corymbia/eucalyptus `AddressManager.java`.
 */
export const disassociateAddress = action({
  name: "DisassociateAddress",
  params: { PublicIp: "string?", AssociationId: "string?" },

  run(world, { PublicIp, AssociationId }) {
    const addresses = [...world.state.addresses.values()];
    const wantedId = AssociationId?.toLowerCase();
    const address = PublicIp
      ? world.state.addresses.get(PublicIp)
      : addresses.find(({ associationId }) => associationId !== undefined && associationId === wantedId);
    if (!address && !PublicIp && AssociationId) throw associationNotFound(AssociationId);
    const action = "DisassociateAddress";
    if (!address) throw PublicIp ? addressNotFound(action, PublicIp) : addressNotGiven(action);

    const stale = world.isVpc && wantedId !== undefined && address.associationId !== wantedId;
    if (!stale) detachAddress(world, address);
    return RETURN_TRUE;
  },
});
