import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

/** Where a balancer has its workers, and which groups these are in. Subnets and groups: VPC only. */
export function placeCalls(send: Send) {
  return {
    async enableZones(balancer: string, zones: readonly string[]): Promise<void> {
      if (zones.length === 0) return;
      const inputs = { LoadBalancerName: balancer, AvailabilityZones: zones };
      await send("EnableAvailabilityZonesForLoadBalancer", inputs, nothing);
    },

    /** The last one cannot be taken away. */
    async disableZones(balancer: string, zones: readonly string[]): Promise<void> {
      if (zones.length === 0) return;
      const inputs = { LoadBalancerName: balancer, AvailabilityZones: zones };
      await send("DisableAvailabilityZonesForLoadBalancer", inputs, nothing);
    },

    async attachSubnets(balancer: string, subnetIds: readonly string[]): Promise<void> {
      if (subnetIds.length === 0) return;
      await send("AttachLoadBalancerToSubnets", { LoadBalancerName: balancer, Subnets: subnetIds }, nothing);
    },

    async detachSubnets(balancer: string, subnetIds: readonly string[]): Promise<void> {
      if (subnetIds.length === 0) return;
      await send("DetachLoadBalancerFromSubnets", { LoadBalancerName: balancer, Subnets: subnetIds }, nothing);
    },

    /** Replaces the whole set. */
    async setSecurityGroups(balancer: string, groupIds: readonly string[]): Promise<void> {
      const inputs = { LoadBalancerName: balancer, SecurityGroups: groupIds };
      await send("ApplySecurityGroupsToLoadBalancer", inputs, nothing);
    },
  };
}
