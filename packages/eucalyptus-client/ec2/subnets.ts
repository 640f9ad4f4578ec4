import { needed } from "../http/foreignAnswer.ts";
import { type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";

/** VPC only. */
export interface Subnet {
  readonly subnetId: string;
  readonly zone: string;
}

export function subnetCalls(send: Send) {
  return {
    /** Unknown ones are left out. Order: by id. */
    describeSubnets: (filters: Filters<"subnet-id">): Promise<Subnet[]> =>
      send(
        "DescribeSubnets",
        (sdk) => new sdk.DescribeSubnetsCommand(sdkFilters(filters)),
        ({ Subnets = [] }) =>
          Subnets.map(({ SubnetId, AvailabilityZone }) => ({
            subnetId: needed(SubnetId, "subnetId"),
            zone: needed(AvailabilityZone, "availabilityZone"),
          })).toSorted((a, b) => a.subnetId.localeCompare(b.subnetId)),
      ),
  };
}
