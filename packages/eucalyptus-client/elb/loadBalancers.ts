import type { Element } from "../http/members.ts";
import { nothing } from "../http/nothing.ts";
import { type HealthCheck, healthCheckFrom } from "./instanceHealth.ts";
import { type Listener, listenerFrom, toWire } from "./listeners.ts";
import type { Send } from "./send.ts";
import { toWireTags } from "./tags.ts";

export interface LoadBalancer {
  readonly name: string;
  /** Known to the cloud's own DNS, when its worker runs. */
  readonly dnsName: string;
  /** "" but on clouds with Route 53. */
  readonly hostedZoneId: string;
  readonly listeners: readonly Listener[];
  /** Those in service. */
  readonly zones: readonly string[];
  /** Empty in EDGE. */
  readonly subnetIds: readonly string[];
  readonly vpcId: string;
  /** Ids of those registered. */
  readonly instanceIds: readonly string[];
  readonly healthCheck: HealthCheck | undefined;
  /** `account/group`, whose rules name the workers; "" where the cloud does not say. */
  readonly sourceGroup: string;
  readonly securityGroupIds: readonly string[];
  readonly scheme: "internal" | "internet-facing";
}

export interface NewLoadBalancer {
  /** Once in the account, ignoring case. */
  readonly name: string;
  readonly listeners: readonly Listener[];
  /** Zones or subnets, not both. */
  readonly zones?: readonly string[] | undefined;
  readonly subnetIds?: readonly string[] | undefined;
  /** VPC only. With subnets and without groups the cloud takes the group `default`, which lets nobody in. */
  readonly securityGroupIds?: readonly string[] | undefined;
  /** VPC only. */
  readonly isInternal?: boolean | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export function loadBalancerCalls(send: Send) {
  return {
    /** All, or those of these names, in which case counts; unknown ones are left out. Order: by name. */
    describeLoadBalancers: (names: readonly string[] = []): Promise<LoadBalancer[]> =>
      send("DescribeLoadBalancers", { LoadBalancerNames: names }, (result) =>
        result
          .members("LoadBalancerDescriptions")
          .map(fromWire)
          .toSorted((a, b) => a.name.localeCompare(b.name)),
      ),

    async findLoadBalancer(name: string): Promise<LoadBalancer | undefined> {
      const found = await this.describeLoadBalancers([name]);
      return found.find((balancer) => balancer.name === name);
    },

    /** Answers its DNS name, before its worker runs. */
    createLoadBalancer(wanted: NewLoadBalancer): Promise<string> {
      const { name, listeners, zones, subnetIds, securityGroupIds, isInternal = false, tags } = wanted;
      const inputs = {
        LoadBalancerName: name,
        Listeners: listeners.map(toWire),
        AvailabilityZones: zones,
        Subnets: subnetIds,
        SecurityGroups: securityGroupIds,
        Scheme: isInternal ? "internal" : undefined,
        Tags: toWireTags(tags),
      };
      return send("CreateLoadBalancer", inputs, (result) => result.needed("DNSName"));
    },

    /** An unknown one is 200. Never before the Auto Scaling groups that name it: they would end and start servers for ever. */
    async deleteLoadBalancer(name: string): Promise<void> {
      await send("DeleteLoadBalancer", { LoadBalancerName: name }, nothing);
    },
  };
}

function fromWire(element: Element): LoadBalancer {
  const source = element.in("SourceSecurityGroup");
  const groupName = source.text("GroupName");
  return {
    name: element.needed("LoadBalancerName"),
    dnsName: element.needed("DNSName"),
    hostedZoneId: element.text("CanonicalHostedZoneNameID"),
    listeners: element.members("ListenerDescriptions").map(listenerFrom),
    zones: element.texts("AvailabilityZones").toSorted(),
    subnetIds: element.texts("Subnets").toSorted(),
    vpcId: element.text("VPCId"),
    instanceIds: idsOf(element),
    healthCheck: healthCheckIn(element),
    sourceGroup: groupName === "" ? "" : `${source.text("OwnerAlias")}/${groupName}`,
    securityGroupIds: element.texts("SecurityGroups").toSorted(),
    scheme: element.text("Scheme") === "internal" ? "internal" : "internet-facing",
  };
}

function healthCheckIn(element: Element): HealthCheck | undefined {
  const check = element.in("HealthCheck");
  return check.text("Target") === "" ? undefined : healthCheckFrom(check);
}

const idsOf = (element: Element): string[] =>
  element
    .members("Instances")
    .map((instance) => instance.needed("InstanceId"))
    .toSorted();
