import { action } from "./action.ts";
import { internalFailure } from "./errors.ts";
import { oneInstance } from "./resourceIds.ts";

/** A Linux instance never writes a password to its console. Source: Corymbia/eucalyptus `VmControl.java`. */
export const getPasswordData = action({
  name: "GetPasswordData",
  params: { InstanceId: "string" },

  run(world, { InstanceId }) {
    const { instanceId, state } = oneInstance(world, InstanceId);
    if (state !== "running") throw internalFailure(`Instance ${instanceId} is not in a running state.`);
    return { instanceId, timestamp: world.now(), passwordData: "" };
  },
});
