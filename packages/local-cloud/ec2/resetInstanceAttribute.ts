import { action, RETURN_TRUE } from "./action.ts";
import { incorrectInstanceState } from "./errors.ts";
import { oneInstance } from "./resourceIds.ts";

/** All but two attributes need a stopped instance, which none here is. Source: Corymbia/eucalyptus `VmControl.java`. */
export const resetInstanceAttribute = action({
  name: "ResetInstanceAttribute",
  params: { InstanceId: "string", Attribute: "string?" },

  run(world, { InstanceId, Attribute }) {
    const instance = oneInstance(world, InstanceId);
    if (Attribute === "sourceDestCheck") instance.sourceDestCheck = true;
    else if (Attribute === "disableApiTermination") instance.disableApiTermination = false;
    else throw incorrectInstanceState(`The instance '${instance.instanceId}' is not in the 'stopped' state.`);
    return RETURN_TRUE;
  },
});
