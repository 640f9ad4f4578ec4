import { type Filters, sdkFilters } from "./filters.ts";
import type { Send } from "./send.ts";

/** `edge`: classic networking, addresses without ids. `vpc`: VPCMIDO. */
export type NetworkMode = "edge" | "vpc";

export interface Platform {
  readonly mode: NetworkMode;
  /** "" when the account has none. */
  readonly defaultVpcId: string;
}

export interface Zone {
  readonly name: string;
  readonly state: string;
  readonly regionName: string;
}

export function accountCalls(send: Send) {
  return {
    /** Also the cheapest call that proves endpoint, keys and clock. */
    async describePlatform(): Promise<Platform> {
      const { AccountAttributes = [] } = await send("DescribeAccountAttributes", (sdk) => {
        return new sdk.DescribeAccountAttributesCommand({});
      });
      const values = (name: string) =>
        AccountAttributes.filter(({ AttributeName }) => AttributeName === name)
          .flatMap(({ AttributeValues = [] }) => AttributeValues)
          .map(({ AttributeValue = "" }) => AttributeValue);
      const [defaultVpc = "none"] = values("default-vpc");
      return {
        mode: values("supported-platforms").includes("EC2") ? "edge" : "vpc",
        defaultVpcId: defaultVpc === "none" ? "" : defaultVpc,
      };
    },

    async describeAvailabilityZones(filters: Filters<"region-name" | "state" | "zone-name">): Promise<Zone[]> {
      const { AvailabilityZones = [] } = await send("DescribeAvailabilityZones", (sdk) => {
        return new sdk.DescribeAvailabilityZonesCommand(sdkFilters(filters));
      });
      return AvailabilityZones.map(({ ZoneName = "", State = "", RegionName = "" }) => {
        return { name: ZoneName, state: State, regionName: RegionName };
      }).toSorted((a, b) => a.name.localeCompare(b.name));
    },
  };
}
