import { action, RETURN_TRUE } from "./action.ts";
import { internalFailure } from "./errors.ts";

/** Malformed and unknown ids are the same 500; terminated ones are skipped. Source: Corymbia/eucalyptus `VmControl.java`. */
export const rebootInstances = action({
  name: "RebootInstances",
  params: { InstanceId: ["string"] },

  run(world, { InstanceId: ids }) {
    const missing = ids.filter((id) => !world.instance(id));
    if (missing.length > 0) throw internalFailure(`No such instance(s): ${missing.join(", ")}`);
    for (const id of ids) {
      const instance = world.instance(id);
      if (instance?.state === "running") instance.reboots += 1;
    }
    return RETURN_TRUE;
  },
});
