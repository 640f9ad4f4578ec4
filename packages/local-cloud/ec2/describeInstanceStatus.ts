import type { Instance } from "../world/types.ts";
import { ZONE } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { applyFilters, noMatch } from "./filters.ts";
import { STATE_CODES, stateItem } from "./instanceItem.ts";
import { instancesById } from "./resourceIds.ts";

/** Only running ones unless asked for all. The status is constant. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeInstanceStatus = action({
  name: "DescribeInstanceStatus",
  params: {
    InstanceId: ["string"],
    Filter: FILTER,
    MaxResults: "int?",
    NextToken: "string?",
    IncludeAllInstances: "boolean?",
  },

  run(world, { InstanceId, Filter, IncludeAllInstances = false }) {
    const asked = instancesById(world, InstanceId).filter(({ state }) => IncludeAllInstances || state === "running");
    return { instanceStatusSet: applyFilters(asked, Filter, FIELDS).map(statusItem) };
  },
});

function statusItem({ instanceId, state }: Instance) {
  const reachable = { name: "reachability", status: "passed" };
  return {
    instanceId,
    availabilityZone: ZONE,
    instanceState: stateItem(state),
    systemStatus: state === "running" ? { status: "ok", details: [reachable] } : { status: "not-applicable" },
    instanceStatus: { status: "ok", details: [reachable] },
  };
}

const FIELDS = {
  ...noMatch<Instance>("event.code", "event.description", "event.not-after", "event.not-before"),
  "availability-zone": () => ZONE,
  "instance-state-code": ({ state }: Instance) => STATE_CODES[state],
  "instance-state-name": ({ state }: Instance) => state,
  "instance-status.status": () => "ok",
  "instance-status.reachability": () => "passed",
  "system-status.status": ({ state }: Instance) => (state === "running" ? "ok" : "not-applicable"),
  "system-status.reachability": ({ state }: Instance) => (state === "running" ? "passed" : undefined),
};
