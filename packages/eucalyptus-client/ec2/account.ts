import type { AccountAttribute } from "@aws-sdk/client-ec2";
import { IncompleteAnswer, needed } from "../http/foreignAnswer.ts";
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
    describePlatform: (): Promise<Platform> =>
      send(
        "DescribeAccountAttributes",
        (sdk) => new sdk.DescribeAccountAttributesCommand({}),
        ({ AccountAttributes = [] }) => platformFrom(AccountAttributes),
      ),

    describeAvailabilityZones: (filters: Filters<"region-name" | "state" | "zone-name">): Promise<Zone[]> =>
      send(
        "DescribeAvailabilityZones",
        (sdk) => new sdk.DescribeAvailabilityZonesCommand(sdkFilters(filters)),
        ({ AvailabilityZones = [] }) =>
          AvailabilityZones.map(({ ZoneName, State, RegionName = "" }) => ({
            name: needed(ZoneName, "zoneName"),
            state: needed(State, "zoneState"),
            regionName: RegionName,
          })).toSorted((a, b) => a.name.localeCompare(b.name)),
      ),
  };
}

function platformFrom(attributes: readonly AccountAttribute[]): Platform {
  const values = (name: string) =>
    attributes
      .filter(({ AttributeName }) => AttributeName === name)
      .flatMap(({ AttributeValues = [] }) => AttributeValues)
      .map(({ AttributeValue = "" }) => AttributeValue);
  const platforms = values("supported-platforms");
  const mode = platforms.includes("EC2") ? "edge" : platforms.includes("VPC") ? "vpc" : undefined;
  if (!mode) throw new IncompleteAnswer("it has no supported platform");
  const [defaultVpc = "none"] = values("default-vpc");
  return { mode, defaultVpcId: defaultVpc === "none" ? "" : defaultVpc };
}
