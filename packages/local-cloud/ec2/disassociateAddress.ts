import { detachAddress } from "../world/addresses.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { addressNamed } from "./addressNamed.ts";
import { addressNotFound, addressNotGiven, associationNotFound } from "./errors.ts";

/**
 * True also when the address is on nothing. Given both, the public address finds it and in VPC the id must still match.
 * Source: Corymbia/eucalyptus `AddressManager.java`.
 */
export const disassociateAddress = action({
  name: "DisassociateAddress",
  params: { PublicIp: "string?", AssociationId: "string?" },

  run(world, { PublicIp, AssociationId }) {
    const address = addressNamed(world, PublicIp ?? AssociationId);
    if (!address && AssociationId !== undefined) throw associationNotFound(AssociationId);
    const action = "DisassociateAddress";
    if (!address) throw PublicIp === undefined ? addressNotGiven(action) : addressNotFound(action, PublicIp);

    const isVpc = address.domain === "vpc";
    const stale = isVpc && AssociationId !== undefined && address.associationId !== AssociationId.toLowerCase();
    if (!stale) detachAddress(world, address);
    return RETURN_TRUE;
  },
});
