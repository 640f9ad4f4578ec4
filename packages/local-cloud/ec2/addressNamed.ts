import type { Address } from "../world/types.ts";
import type { World } from "../world/world.ts";

/** By what an action names first: an address, an allocation or an association. */
export function addressNamed(world: World, given: string | undefined): Address | undefined {
  if (given === undefined) return undefined;
  const id = given.toLowerCase();
  return [...world.state.addresses.values()].find(({ publicAddress, allocationId, associationId }) =>
    [publicAddress, allocationId, associationId].includes(id),
  );
}
