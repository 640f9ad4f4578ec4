import { beginTermination } from "../world/life.ts";
import { action } from "./action.ts";
import { instanceIdMalformed, instancesNotFoundAtTermination, operationNotPermitted } from "./errors.ts";
import { stateItem } from "./instanceItem.ts";
import { isResourceId } from "./resourceIds.ts";

/**
 * Nothing is ended when one id fails. A terminated instance is removed from sight by the second call.
 * Source: Corymbia/eucalyptus `VmControl.java`.
 */
export const terminateInstances = action({
  name: "TerminateInstances",
  params: { InstanceId: ["string"] },

  run(world, { InstanceId: ids }) {
    for (const id of ids) if (!isResourceId(id, "i")) throw instanceIdMalformed(id);
    const found = ids.map((id) => world.instanceOrHidden(id));
    for (const instance of found) {
      if (instance?.disableApiTermination && instance.state !== "terminated") {
        throw operationNotPermitted(instance.instanceId);
      }
    }
    const missing = ids.filter((_, index) => !found[index]);
    if (missing.length > 0) throw instancesNotFoundAtTermination(missing);

    const instances = new Set(found.flatMap((instance) => instance ?? []));
    return {
      instancesSet: [...instances].map((instance) => {
        const previousState = stateItem(instance.state);
        if (instance.state === "terminated") world.hideInstance(instance);
        else beginTermination(instance);
        return { instanceId: instance.instanceId, currentState: stateItem(instance.state), previousState };
      }),
    };
  },
});
