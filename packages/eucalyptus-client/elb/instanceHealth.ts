import { IncompleteAnswer } from "../http/foreignAnswer.ts";
import type { Element } from "../http/members.ts";
import type { Send } from "./send.ts";

export interface HealthCheck {
  /** `HTTP:80/healthz`, `TCP:80` */
  readonly target: string;
  /** Seconds, 5 to 120. */
  readonly interval: number;
  /** Seconds. */
  readonly timeout: number;
  /** Both at least 2. */
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

export interface InstanceHealth {
  readonly instanceId: string;
  /** `Unknown` in 4.4, where 5 says `Error`: the worker is silent. */
  readonly state: "InService" | "OutOfService" | "Error" | "Unknown";
  /** Why it is not in service; "" when it is. */
  readonly description: string;
}

export function instanceHealthCalls(send: Send) {
  return {
    /** On a balancer with servers all of them are out for seconds: its worker forgets them when the check changes. */
    async configureHealthCheck(balancer: string, wanted: HealthCheck): Promise<void> {
      const inputs = {
        LoadBalancerName: balancer,
        HealthCheck: {
          Target: wanted.target,
          Interval: wanted.interval,
          Timeout: wanted.timeout,
          UnhealthyThreshold: wanted.unhealthyThreshold,
          HealthyThreshold: wanted.healthyThreshold,
        },
      };
      await send("ConfigureHealthCheck", inputs, (result) => {
        const made = healthCheckFrom(result.in("HealthCheck"));
        if (!isSameCheck(made, wanted)) throw new IncompleteAnswer("the health check in it is another one");
      });
    },

    /** Of those registered, or of these of them. A new one is `OutOfService` until the worker has reported it. */
    describeInstanceHealth: (balancer: string, instanceIds: readonly string[] = []): Promise<InstanceHealth[]> =>
      send("DescribeInstanceHealth", { LoadBalancerName: balancer, Instances: toWire(instanceIds) }, (result) =>
        result
          .members("InstanceStates")
          .map(fromWire)
          .toSorted((a, b) => a.instanceId.localeCompare(b.instanceId)),
      ),

    /** Each has to run, in a zone of the balancer's, or none is registered (`InvalidEndPoint`). */
    async registerInstances(balancer: string, instanceIds: readonly string[]): Promise<void> {
      if (instanceIds.length === 0) return;
      const inputs = { LoadBalancerName: balancer, Instances: toWire(instanceIds) };
      await send("RegisterInstancesWithLoadBalancer", inputs, (result) => {
        const registered = idsIn(result);
        const missing = instanceIds.find((id) => !registered.includes(id));
        if (missing !== undefined) throw new IncompleteAnswer(`it does not name ${missing}`);
      });
    },

    /** Those that are not registered are ignored by the cloud. Old connections go on to them for the idle timeout. */
    async deregisterInstances(balancer: string, instanceIds: readonly string[]): Promise<void> {
      if (instanceIds.length === 0) return;
      const inputs = { LoadBalancerName: balancer, Instances: toWire(instanceIds) };
      await send("DeregisterInstancesFromLoadBalancer", inputs, (result) => {
        const left = idsIn(result).find((id) => instanceIds.includes(id));
        if (left !== undefined) throw new IncompleteAnswer(`it still names ${left}`);
      });
    },
  };
}

/** The cloud writes a target's protocol in capitals. */
export function isSameCheck(one: HealthCheck, other: HealthCheck): boolean {
  const text = ({ target, interval, timeout, unhealthyThreshold, healthyThreshold }: HealthCheck) =>
    [
      target.replace(/^\w+/, (protocol) => protocol.toUpperCase()),
      interval,
      timeout,
      unhealthyThreshold,
      healthyThreshold,
    ].join();
  return text(one) === text(other);
}

export function healthCheckFrom(element: Element): HealthCheck {
  return {
    target: element.needed("Target"),
    interval: element.integer("Interval"),
    timeout: element.integer("Timeout"),
    unhealthyThreshold: element.integer("UnhealthyThreshold"),
    healthyThreshold: element.integer("HealthyThreshold"),
  };
}

const STATES = ["InService", "OutOfService", "Error", "Unknown"] as const;

function fromWire(element: Element): InstanceHealth {
  const word = element.needed("State");
  const state = STATES.find((known) => known === word);
  if (!state) throw new IncompleteAnswer(`it has no State that is known, but "${word}"`);
  return { instanceId: element.needed("InstanceId"), state, description: element.text("Description") };
}

const toWire = (instanceIds: readonly string[]) => instanceIds.map((InstanceId) => ({ InstanceId }));
const idsIn = (result: Element): string[] =>
  result.members("Instances").map((instance) => instance.needed("InstanceId"));
