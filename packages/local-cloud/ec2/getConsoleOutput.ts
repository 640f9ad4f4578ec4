import { MissingField } from "../wire/faults.ts";
import type { World } from "../world/world.ts";
import { action } from "./action.ts";
import { instancesNotFound, internalFailure } from "./errors.ts";
import { oneInstance } from "./resourceIds.ts";

interface Request {
  readonly InstanceId: readonly string[];
}

/** `InstanceId` or `InstanceId.1`; only while running. Source: Corymbia/eucalyptus `VmControl.java`. */
export const getConsoleOutput = action({
  name: "GetConsoleOutput",
  params: { InstanceId: ["string"] },
  needsConsoleOf: (world, request) => runningInstance(world, request).instanceId,

  run(world, request, console = Buffer.alloc(0)) {
    return {
      instanceId: runningInstance(world, request).instanceId,
      timestamp: world.now(),
      output: console.toString("base64"),
    };
  },
});

function runningInstance(world: World, { InstanceId: [instanceId] }: Request) {
  if (instanceId === undefined) throw new MissingField("InstanceId");
  const instance = oneInstance(world, instanceId);
  if (instance.state === "terminated") throw instancesNotFound([instance.instanceId]);
  if (instance.state !== "running") {
    throw internalFailure(`Instance ${instance.instanceId} is not in a running state.`);
  }
  return instance;
}
