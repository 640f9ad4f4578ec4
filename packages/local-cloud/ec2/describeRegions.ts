import { REGION } from "../world/world.ts";
import { action, FILTER } from "./action.ts";
import { applyFilters } from "./filters.ts";

/** Every failure is swallowed into an empty list, an unknown filter too. Source: Corymbia/eucalyptus `ComputeService.java`. */
export const describeRegions = action({
  name: "DescribeRegions",
  params: { RegionName: ["string"], Filter: FILTER },

  run(world, { RegionName: names, Filter }) {
    const regions = [{ regionName: REGION, regionEndpoint: world.identity.ec2Url }];
    const asked = regions.filter(({ regionName }) => names.length === 0 || names.includes(regionName));
    type Region = (typeof regions)[number];
    const fields = {
      endpoint: ({ regionEndpoint }: Region) => regionEndpoint,
      "region-name": ({ regionName }: Region) => regionName,
    };
    try {
      return { regionInfo: applyFilters(asked, Filter, fields) };
    } catch {
      return { regionInfo: [] };
    }
  },
});
