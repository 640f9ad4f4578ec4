import {
  type Attributes,
  CloudError,
  type HealthCheck,
  type InstanceHealth,
  type LoadBalancer,
  type NewLoadBalancer,
} from "@planet/eucalyptus-client";

/** A balancer as the fake keeps it. */
export interface FakeBalancer {
  live: LoadBalancer;
  attributes: Attributes;
  tags: Record<string, string>;
}

export const refusal = (code: string, message = "no", status = 400) =>
  new CloudError({ action: "x", code, status, message });

/**
 * Elastic Load Balancing as far as its calls depend on each other: names, registrations, tags. A server is in service when
 * `stateOf` says so.
 */
export function fakeBalancers(stateOf: (instanceId: string) => InstanceHealth["state"] = () => "InService") {
  const balancers = new Map<string, FakeBalancer>();
  const must = (name: string): FakeBalancer => {
    const found = balancers.get(name);
    if (!found) throw refusal("AccessPointNotFound");
    return found;
  };
  const change = (name: string, changes: Partial<LoadBalancer>) => {
    const found = must(name);
    found.live = { ...found.live, ...changes };
  };
  const sorted = (values: Iterable<string>) => [...new Set(values)].toSorted();
  const elb = {
    describeLoadBalancers: (names: readonly string[] = []) =>
      [...balancers.values()].map(({ live }) => live).filter(({ name }) => names.length === 0 || names.includes(name)),
    findLoadBalancer: (name: string) => balancers.get(name)?.live,
    describeTags: (name: string) => ({ ...balancers.get(name)?.tags }),
    describeAttributes: (name: string) => must(name).attributes,
    createLoadBalancer(wanted: NewLoadBalancer) {
      const { name, listeners, zones = [], subnetIds = [], securityGroupIds = [], isInternal = false, tags } = wanted;
      if ([...balancers.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) {
        throw refusal("DuplicateAccessPointName");
      }
      const [first] = listeners;
      const healthCheck = {
        target: `TCP:${first?.instancePort ?? 0}`,
        interval: 30,
        timeout: 5,
        unhealthyThreshold: 3,
        healthyThreshold: 3,
      };
      const live: LoadBalancer = {
        ...{
          name,
          dnsName: `${name}-000000000042.lb.internal`,
          hostedZoneId: "",
          listeners,
          vpcId: "",
          instanceIds: [],
        },
        ...{ zones: sorted(zones), subnetIds: sorted(subnetIds), securityGroupIds: sorted(securityGroupIds) },
        ...{ healthCheck, sourceGroup: "000000000001/elb", scheme: isInternal ? "internal" : "internet-facing" },
      };
      balancers.set(name, { live, attributes: { idleTimeout: 60, isCrossZone: false }, tags: { ...tags } });
      return live.dnsName;
    },
    deleteLoadBalancer: (name: string) => void balancers.delete(name),
    createListeners: (name: string, listeners: LoadBalancer["listeners"]) =>
      change(name, { listeners: [...must(name).live.listeners, ...listeners] }),
    deleteListeners: (name: string, ports: readonly number[]) =>
      change(name, { listeners: must(name).live.listeners.filter(({ port }) => !ports.includes(port)) }),
    enableZones: (name: string, zones: readonly string[]) =>
      change(name, { zones: sorted([...must(name).live.zones, ...zones]) }),
    disableZones: (name: string, zones: readonly string[]) =>
      change(name, { zones: must(name).live.zones.filter((zone) => !zones.includes(zone)) }),
    attachSubnets: (name: string, subnets: readonly string[]) =>
      change(name, { subnetIds: sorted([...must(name).live.subnetIds, ...subnets]) }),
    detachSubnets: (name: string, subnets: readonly string[]) =>
      change(name, { subnetIds: must(name).live.subnetIds.filter((subnet) => !subnets.includes(subnet)) }),
    setSecurityGroups: (name: string, groups: readonly string[]) => change(name, { securityGroupIds: sorted(groups) }),
    configureHealthCheck: (name: string, healthCheck: HealthCheck) => change(name, { healthCheck }),
    modifyAttributes(name: string, attributes: Attributes) {
      must(name).attributes = attributes;
    },
    addTags: (name: string, tags: Readonly<Record<string, string>>) => void Object.assign(must(name).tags, tags),
    removeTags(name: string, keys: readonly string[]) {
      for (const key of keys) delete must(name).tags[key];
    },
    registerInstances: (name: string, ids: readonly string[]) =>
      change(name, { instanceIds: sorted([...must(name).live.instanceIds, ...ids]) }),
    deregisterInstances: (name: string, ids: readonly string[]) =>
      change(name, { instanceIds: must(name).live.instanceIds.filter((id) => !ids.includes(id)) }),
    describeInstanceHealth: (name: string): InstanceHealth[] =>
      must(name).live.instanceIds.map((instanceId) => {
        const state = stateOf(instanceId);
        return { instanceId, state, description: state === "InService" ? "" : "Instance has failed" };
      }),
  };
  return { balancers, elb };
}
