import { action } from "./action.ts";
import { instanceIdMalformed, instanceLookupFailed } from "./errors.ts";
import { isResourceId } from "./resourceIds.ts";

/** Instances that are not stopped are left out of the answer, and here none ever is. Source: Corymbia/eucalyptus `VmControl.java`. */
export const startInstances = action({
  name: "StartInstances",
  params: { InstanceId: ["string"], AdditionalInfo: "string?" },

  run(world, { InstanceId: ids }) {
    for (const id of ids) {
      if (!isResourceId(id, "i")) throw instanceIdMalformed(id);
      if (!world.instance(id)) throw instanceLookupFailed("StartInstances", id);
    }
    return { instancesSet: [] };
  },
});
