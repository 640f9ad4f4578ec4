import { action } from "./action.ts";
import { cannotStop, incorrectInstanceState } from "./errors.ts";
import { oneInstance } from "./resourceIds.ts";

/** All images here are instance-store, which cannot stop. Source: Corymbia/eucalyptus `VmControl.java`. */
export const stopInstances = action({
  name: "StopInstances",
  params: { InstanceId: ["string"], Force: "boolean?" },

  run(world, { InstanceId: ids }) {
    const instances = ids.map((id) => oneInstance(world, id));
    for (const { instanceId, state } of instances) {
      if (state === "terminated") {
        throw incorrectInstanceState(`The instance '${instanceId}' is not in a state from which it can be stopped.`);
      }
      throw cannotStop(instanceId);
    }
    return { instancesSet: [] };
  },
});
