import { REGION, ZONE } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { invalidParameterValue } from "./errors.ts";
import { applyFilters, noMatch } from "./filters.ts";
import { withoutMagicId } from "./resourceIds.ts";

/** No zone ids, types or groups. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeAvailabilityZones = action({
  name: "DescribeAvailabilityZones",
  params: { ZoneName: ["string"], Filter: FILTER },

  run(_world, { ZoneName, Filter }) {
    const unknown = withoutMagicId(ZoneName).filter((name) => name !== ZONE);
    if (unknown.length > 0) throw invalidParameterValue(`Invalid availability zone: [${unknown.join(", ")}]`);
    const zones = [{ zoneName: ZONE, zoneState: "available", regionName: REGION, messageSet: [] }];
    // Only here a filter without values matches nothing (observed on Eucalyptus 5.1.0, 2026-11-28).
    if (Filter.some(({ Value }) => Value.length === 0)) return { availabilityZoneInfo: [] };
    return { availabilityZoneInfo: applyFilters(zones, Filter, FIELDS) };
  },
});

const FIELDS = {
  ...noMatch("message"),
  "region-name": () => REGION,
  state: () => "available",
  "zone-name": () => ZONE,
};
