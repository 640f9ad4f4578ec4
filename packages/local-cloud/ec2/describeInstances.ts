import type { Instance } from "../world/types.ts";
import type { World } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { applyFilters } from "./filters.ts";
import { instanceFilters } from "./instanceFilters.ts";
import { reservationItem } from "./instanceItem.ts";
import { instancesById } from "./resourceIds.ts";

/** `MaxResults` and `NextToken` are accepted and ignored. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeInstances = action({
  name: "DescribeInstances",
  params: { InstanceId: ["string"], Filter: FILTER, MaxResults: "int?", NextToken: "string?" },

  run(world, { InstanceId, Filter }) {
    const asked = instancesById(world, InstanceId);
    const matching = applyFilters(asked, Filter, instanceFilters(world), tagsOfInstance(world));
    const reservations = Map.groupBy(matching, ({ reservationId }) => reservationId);
    return { reservationSet: [...reservations.values()].map((instances) => reservationItem(world, instances)) };
  },
});

const tagsOfInstance =
  (world: World) =>
  ({ instanceId }: Instance) =>
    world.tagsOf(instanceId);
