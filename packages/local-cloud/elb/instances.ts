import { queryAction } from "../wire/queryAction.ts";
import type { XmlNode } from "../wire/xml.ts";
import { type World, ZONE } from "../world/world.ts";
import { invalidConfiguration, invalidEndPoint, notFound } from "./errors.ts";
import { balancerNamed, INSTANCES, instancesItem } from "./shared.ts";
import type { LoadBalancer } from "./types.ts";

/** A silent worker makes its servers `Error` after that; a 4.4 says `Unknown` sooner. */
const SILENCE_SECONDS = 6 * 60;

/** All or nothing; one that is registered already is nothing to refuse. Answers all that are registered. */
export const registerInstances = queryAction({
  name: "RegisterInstancesWithLoadBalancer",
  basis: "observed",
  params: { LoadBalancerName: "string", Instances: INSTANCES },
  needs: ["Instances"],

  run(world, { LoadBalancerName, Instances }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    register(
      world,
      balancer,
      Instances.map(({ InstanceId }) => InstanceId),
    );
    return { Instances: instancesItem(balancer) };
  },
});

/** @throws {ServiceError} when one of them is not running, or its zone is not enabled */
export function register(world: World, balancer: LoadBalancer, ids: readonly string[]): void {
  const found = ids.map((id) => world.instance(id));
  if (found.some((instance) => instance?.state !== "running")) throw invalidEndPoint();
  if (!balancer.zones.includes(ZONE) && ids.length > 0) {
    throw invalidConfiguration(
      `Instance ${ids[0]}'s availaibility zone is not enabled for the loadbalancer`, // as the cloud spells it
    );
  }
  for (const instance of found) {
    if (!instance || balancer.registrations.has(instance.instanceId)) continue;
    balancer.registrations.set(instance.instanceId, { registeredAt: world.now().toISOString() });
  }
}

/** Answers those that remain. */
export const deregisterInstances = queryAction({
  name: "DeregisterInstancesFromLoadBalancer",
  basis: "observed",
  params: { LoadBalancerName: "string", Instances: INSTANCES },
  needs: ["Instances"],

  run(world, { LoadBalancerName, Instances }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    for (const { InstanceId } of Instances) balancer.registrations.delete(InstanceId);
    return { Instances: instancesItem(balancer) };
  },
});

/** Takes a DNS name for a name; an instance that is not registered is left out. */
export const describeInstanceHealth = queryAction({
  name: "DescribeInstanceHealth",
  basis: "observed",
  params: { LoadBalancerName: "string", Instances: INSTANCES },

  run(world, { LoadBalancerName: name, Instances }) {
    const all = [...world.state.loadBalancers.values()];
    const balancer = all.find((one) => one.name === name || one.dnsName.toLowerCase() === name.toLowerCase());
    if (!balancer) throw notFound();
    const asked = Instances.map(({ InstanceId }) => InstanceId);
    const ids = [...balancer.registrations.keys()].filter((id) => asked.length === 0 || asked.includes(id));
    return { InstanceStates: ids.map((id) => ({ InstanceId: id, ...stateItem(healthOf(world, balancer, id)) })) };
  },
});

export interface InstanceHealth {
  readonly state: "InService" | "OutOfService" | "Error" | "Unknown";
  readonly reasonCode: "" | "ELB" | "Instance";
  readonly description: string;
}

const stateItem = ({ state, reasonCode, description }: InstanceHealth): XmlNode => ({
  State: state,
  ReasonCode: reasonCode,
  Description: description,
});

/** Source of the texts: Corymbia/eucalyptus `LoadBalancerBackendInstance.java`; the first three were observed on 5.1.0. */
export function healthOf(world: World, balancer: LoadBalancer, instanceId: string): InstanceHealth {
  const instance = world.instance(instanceId);
  const reported = balancer.registrations.get(instanceId)?.state;
  if (instance?.state !== "running") {
    return { state: "Error", reasonCode: "Instance", description: "Instance is in invalid state." };
  }
  if (!balancer.zones.includes(ZONE)) {
    return { state: "OutOfService", reasonCode: "ELB", description: "Zone disabled" };
  }
  if (reported === undefined) {
    return { state: "OutOfService", reasonCode: "ELB", description: "Instance registration is still in progress." };
  }
  if (isSilent(world, balancer)) {
    const description = "Internal error: ELB VMs are not reachable. Contact administrator if problem continues";
    return { state: world.state.version === "4.4" ? "Unknown" : "Error", reasonCode: "ELB", description };
  }
  if (reported === "InService") return { state: "InService", reasonCode: "", description: "" };
  return {
    state: "OutOfService",
    reasonCode: "Instance",
    description: "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.",
  };
}

function isSilent(world: World, { name, healthCheck }: LoadBalancer): boolean {
  const last = world.reportedAt.get(name);
  const limit =
    world.state.version === "4.4" ? 5 * Math.max(healthCheck?.interval ?? 0, REPORT_SECONDS) : SILENCE_SECONDS;
  return last !== undefined && world.secondsSince(last) > limit;
}

/** The cloud asks a worker for states so often, or at the check's interval when that is longer. */
export const REPORT_SECONDS = 10;
