import type { Address, Instance } from "./types.ts";
import type { World } from "./world.ts";

/*
 * A public address leads to at most one instance, an instance has at most one: an elastic one hides the system
 * address, which goes back to the pool at once. Losing the elastic one gives a system address again, usually another.
 * Source: Corymbia/eucalyptus `AddressManager.java`, `Addresses.java`.
 */

/** Puts the address on the instance; whoever had either of them before gets a system address again. */
export function attachAddress(world: World, address: Address, instance: Instance): void {
  const former = world.addressOf(instance);
  if (former) forgetTarget(former);
  detachAddress(world, address);
  instance.systemAddress = undefined;
  address.instanceId = instance.instanceId;
  address.associationId = world.isVpc ? world.nextId("eipassoc") : undefined;
  address.associatedAt = world.now().toISOString();
}

/** Takes the address off its instance, if it is on one; it stays allocated. */
export function detachAddress(world: World, address: Address): void {
  const instance = address.instanceId === undefined ? undefined : world.state.instances.get(address.instanceId);
  forgetTarget(address);
  if (instance) giveSystemAddress(world, instance);
}

/** None is given when the pool is empty. EDGE gives one to every instance that has lost an elastic one. */
export function giveSystemAddress(world: World, instance: Instance): void {
  if (instance.state !== "pending" && instance.state !== "running") return;
  if (world.isVpc && !instance.wantsPublicAddress) return;
  instance.systemAddress = world.freePublicAddress();
}

function forgetTarget(address: Address): void {
  address.instanceId = undefined;
  address.associationId = undefined;
  address.associatedAt = undefined;
}
