import type { XmlNode } from "../wire/xml.ts";
import type { Instance } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { action } from "./action.ts";
import { instanceIdMalformed, instancesNotFound } from "./errors.ts";
import { isResourceId } from "./resourceIds.ts";
import { groupSet } from "./sets.ts";

/**
 * Every failure after the id's form is `InvalidInstanceID.NotFound`, an unknown attribute too.
 * Source: Corymbia/eucalyptus `ComputeService.java`.
 */
export const describeInstanceAttribute = action({
  name: "DescribeInstanceAttribute",
  params: { InstanceId: "string", Attribute: "string" },

  run(world, { InstanceId, Attribute }) {
    if (!isResourceId(InstanceId, "i")) throw instanceIdMalformed(InstanceId);
    const instance = world.instance(InstanceId);
    const attribute = instance && attributeOf(world, instance, Attribute);
    if (!instance || !attribute) throw instancesNotFound([InstanceId]);
    return { instanceId: instance.instanceId, ...attribute };
  },
});

function attributeOf(world: World, instance: Instance, name: string): XmlNode | undefined {
  switch (name) {
    case "blockDeviceMapping":
    case "kernel":
    case "ramdisk":
      return {};
    case "productCodes":
      return { [name]: [] };
    case "disableApiTermination":
      return { [name]: { value: instance.disableApiTermination } };
    case "ebsOptimized":
      return { [name]: { value: false } };
    case "groupSet":
      return { [name]: groupSet(world, instance.groupIds) };
    case "instanceInitiatedShutdownBehavior":
      return { [name]: { value: "stop" } };
    case "instanceType":
      return { [name]: { value: instance.instanceType } };
    case "sriovNetSupport":
      return { [name]: { value: false } };
    case "rootDeviceName":
      return { [name]: { value: "/dev/ami" } };
    case "sourceDestCheck":
      return { [name]: { value: instance.sourceDestCheck } };
    case "userData":
      return { [name]: { value: instance.userData } };
    default:
      return undefined;
  }
}
