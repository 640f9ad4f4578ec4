import type { XmlNode } from "../wire/xml.ts";
import { ACCOUNT_ID, type World, ZONE } from "../world/world.ts";
import { invalidConfiguration, notFound } from "./errors.ts";
import type { HealthCheck, LoadBalancer } from "./types.ts";

/** The account of the service itself, which owns what it makes in EDGE. */
const SERVICE_ACCOUNT_ID = "000000000043";

/** What a cloud's own DNS server answers for, and nobody else; `localhost` would be this machine for many resolvers. */
export const OWN_DOMAIN = "cloud.internal";
const BALANCER_DOMAIN = `lb.${OWN_DOMAIN}`;

export const INSTANCES = [{ InstanceId: "string" }] as const;
export const TAGS = [{ Key: "string", Value: "string?" }] as const;

/** @throws {ServiceError} `AccessPointNotFound`; the case of the name counts */
export function balancerNamed(world: World, name: string): LoadBalancer {
  const found = world.state.loadBalancers.get(name);
  if (!found) throw notFound();
  return found;
}

/** `<name>-<account>.lb.<domain>`, with `internal-` in front of one that is. */
export function dnsNameOf(name: string, scheme: LoadBalancer["scheme"]): string {
  return `${scheme === "internal" ? "internal-" : ""}${name}-${ACCOUNT_ID}.${BALANCER_DOMAIN}`;
}

/** @throws {ServiceError} 409 for the first that this cloud does not have */
export function checkZones(zones: readonly string[]): void {
  const unknown = zones.find((zone) => zone !== ZONE);
  if (unknown !== undefined) throw invalidConfiguration(`No cluster named ${unknown} is available`);
}

/** Who a rule of an instance's group may name as the source of the balancer's requests. */
export function sourceGroupOf(world: World, { name, groupIds }: LoadBalancer): XmlNode | undefined {
  if (!world.isVpc) {
    return { OwnerAlias: SERVICE_ACCOUNT_ID, GroupName: `euca-internal-${ACCOUNT_ID}-${name}` };
  }
  const group = world.group(groupIds[0] ?? "");
  return group && { OwnerAlias: ACCOUNT_ID, GroupName: group.groupName };
}

export const healthCheckItem = (check: HealthCheck): XmlNode => ({
  Target: check.target,
  Interval: check.interval,
  Timeout: check.timeout,
  UnhealthyThreshold: check.unhealthyThreshold,
  HealthyThreshold: check.healthyThreshold,
});

/** All that are registered, as several answers name them; absent when there is none. */
export const instancesItem = ({ registrations }: LoadBalancer): XmlNode[] | undefined =>
  registrations.size === 0 ? undefined : [...registrations.keys()].map((InstanceId) => ({ InstanceId }));
