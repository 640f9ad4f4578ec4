import { balancerName } from "@planet/content/marks";
import { LoadBalancer } from "@pulumi/aws/elb/loadBalancer.js";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones.js";
import type { Provider } from "@pulumi/aws/provider.js";
import * as pulumi from "@pulumi/pulumi";

export interface BalancerArgs {
  readonly stack: string;
  /** At its first deploy; then it keeps those that it has. */
  readonly zones: readonly string[];
  readonly hasHttps: boolean;
}

/** How long the balancer holds an idle connection. Servers that leave serve for as long after that: it is short. */
const IDLE_SECONDS = 20;

/** What a server says of itself alone: an outage of feeds or of the bucket is not to end all servers at once. */
const CHECK = { target: "HTTP:80/healthz", interval: 10, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 2 };

/**
 * The cloud's load balancer: it stays while servers come and go, and its name with it. Made again it has the same name, which is
 * made of the stack's and the account's. Never change its check: every server is out for seconds then.
 */
export class Balancer extends pulumi.ComponentResource {
  /** As the cloud knows it. */
  readonly balancer: pulumi.Output<string>;
  /** As the cloud's name servers know it: no address of its own, and none that stays. */
  readonly dnsName: pulumi.Output<string>;
  readonly zones: pulumi.Output<string[]>;

  constructor(name: string, { stack, zones, hasHttps }: BalancerArgs, opts: pulumi.ComponentResourceOptions) {
    super("planet:index:Balancer", name, {}, opts);
    const balancer = new LoadBalancer(
      `${name}-elb`,
      {
        name: balancerName(stack),
        availabilityZones: [...zones],
        listeners: [listener(80, "HTTP"), ...(hasHttps ? [listener(443, "TCP")] : [])],
        healthCheck: CHECK,
        idleTimeout: IDLE_SECONDS,
        crossZoneLoadBalancing: true,
      },
      { parent: this, ignoreChanges: ["availabilityZones"] },
    );
    this.balancer = balancer.name;
    this.dnsName = balancer.dnsName;
    this.zones = balancer.availabilityZones;
    this.registerOutputs({ dnsName: this.dnsName });
  }
}

/** All that the cloud has; it refuses one that it has not. */
export async function zonesOf(provider: Provider): Promise<string[]> {
  const { names } = await getAvailabilityZones({ state: "available" }, { provider });
  return names.toSorted();
}

const listener = (port: number, protocol: string) => {
  return { lbPort: port, lbProtocol: protocol, instancePort: port, instanceProtocol: protocol };
};
