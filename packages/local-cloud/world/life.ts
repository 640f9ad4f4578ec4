import { detachAddress } from "./addresses.ts";
import type { Instance } from "./types.ts";
import type { World } from "./world.ts";

/** Source of the texts: Corymbia/eucalyptus `VmInstance.java`. */
export const REASONS = {
  normal: "NORMAL:  -- []",
  userTerminated: "USER_TERMINATED: User terminated. -- []",
  failed: (cause: string) => `FAILED: The instance failed to start on the NC. -- [${cause}]`,
  vanished: "EXPIRED: Instance expired after not being reported. -- []",
} as const;

export function beginTermination(instance: Instance, reason: string = REASONS.userTerminated): void {
  if (instance.state !== "pending" && instance.state !== "running") return;
  instance.state = "shutting-down";
  instance.reason = reason;
}

/** Only now the groups are free and the elastic address, which stays allocated, leads nowhere. */
export function completeTermination(world: World, instance: Instance, reason = instance.reason): void {
  if (instance.state === "terminated") return;
  instance.state = "terminated";
  instance.reason = reason;
  instance.terminatedAt = world.now().toISOString();
  instance.systemAddress = undefined;
  const address = world.addressOf(instance);
  if (address) detachAddress(world, address);
}
