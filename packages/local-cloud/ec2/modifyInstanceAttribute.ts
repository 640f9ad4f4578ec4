import type { Bound } from "../wire/binding.ts";
import type { Instance } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { action, RETURN_TRUE } from "./action.ts";
import { incorrectInstanceState, launchedGroupNotFound, noDeviceAt } from "./errors.ts";
import { oneInstance } from "./resourceIds.ts";

const VALUE = { Value: "string?" } as const;
const FLAG = { Value: "boolean?" } as const;

const PARAMS = {
  InstanceId: "string",
  BlockDeviceMapping: [{ DeviceName: "string?", Ebs: { VolumeId: "string?", DeleteOnTermination: "boolean?" } }],
  DisableApiTermination: FLAG,
  EbsOptimized: { "": "boolean?", Value: "boolean?" },
  GroupId: ["string"],
  InstanceInitiatedShutdownBehavior: VALUE,
  SourceDestCheck: FLAG,
  SriovNetSupport: VALUE,
  InstanceType: VALUE,
  Kernel: VALUE,
  Ramdisk: VALUE,
  UserData: VALUE,
} as const;

/**
 * Applies exactly one attribute, the first present in the declared order; the rest is ignored and still "true".
 * Type, kernel, ramdisk and user data need a stopped instance, which instance-store images never are.
 * Source: Corymbia/eucalyptus `VmControl.java`.
 */
export const modifyInstanceAttribute = action({
  name: "ModifyInstanceAttribute",
  params: PARAMS,

  run(world, request) {
    applyFirst(world, oneInstance(world, request.InstanceId), request);
    return RETURN_TRUE;
  },
});

function applyFirst(world: World, instance: Instance, request: Bound<typeof PARAMS>): void {
  const [mapping] = request.BlockDeviceMapping;
  if (mapping) throw noDeviceAt(mapping.DeviceName ?? "null");
  if (request.DisableApiTermination?.Value !== undefined) {
    instance.disableApiTermination = request.DisableApiTermination.Value;
  } else if (request.EbsOptimized) {
    return; // accepted without effect
  } else if (request.GroupId.length > 0) {
    instance.groupIds = changedGroups(world, request.GroupId);
  } else if (request.InstanceInitiatedShutdownBehavior) {
    return; // accepted without effect
  } else if (request.SourceDestCheck) {
    instance.sourceDestCheck = request.SourceDestCheck.Value ?? false;
  } else if (!request.SriovNetSupport) {
    throw incorrectInstanceState(`The instance (${instance.instanceId}) is not in the 'stopped' state.`);
  }
}

/** EDGE cannot change the groups of a running instance. */
function changedGroups(world: World, groupIds: readonly string[]): string[] {
  return groupIds.map((groupId) => {
    const group = world.isVpc ? world.group(groupId) : undefined;
    if (!group) throw launchedGroupNotFound(groupId);
    return group.groupId;
  });
}
