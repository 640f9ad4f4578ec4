import type { XmlNode } from "../wire/xml.ts";
import type { World } from "../world/world.ts";
import { action } from "./action.ts";
import { instanceIdMalformed } from "./errors.ts";
import { isResourceId } from "./resourceIds.ts";

const params = { InstanceId: ["string"] } as const;

/** Unknown instances are left out. Source: Corymbia/eucalyptus `VmControl.java`. */
export const monitorInstances = action({
  name: "MonitorInstances",
  params,
  run: (world, { InstanceId }) => withMonitoring(world, InstanceId, true),
});

/** As {@link monitorInstances}. */
export const unmonitorInstances = action({
  name: "UnmonitorInstances",
  params,
  run: (world, { InstanceId }) => withMonitoring(world, InstanceId, false),
});

function withMonitoring(world: World, ids: readonly string[], monitoring: boolean): XmlNode {
  for (const id of ids) if (!isResourceId(id, "i")) throw instanceIdMalformed(id);
  const instances = ids.flatMap((id) => world.instance(id) ?? []);
  for (const instance of instances) instance.monitoring = monitoring;
  const state = monitoring ? "enabled" : "disabled";
  return { instancesSet: instances.map(({ instanceId }) => ({ instanceId, monitoring: { state } })) };
}
