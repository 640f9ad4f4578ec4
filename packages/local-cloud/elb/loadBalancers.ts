import { queryAction } from "../wire/queryAction.ts";
import type { XmlNode } from "../wire/xml.ts";
import { type World, ZONE } from "../world/world.ts";
import { invalidConfiguration, nameTaken, stillCleaningUp, subnetNotFound } from "./errors.ts";
import { addListeners, checkedListeners, LISTENERS } from "./listeners.ts";
import { checkedGroups, openOwnGroup } from "./securityGroups.ts";
import { checkZones, dnsNameOf, healthCheckItem, instancesItem, sourceGroupOf, TAGS } from "./shared.ts";
import { checkedTags, checkTagCount } from "./tags.ts";
import type { HealthCheck, Listener, LoadBalancer } from "./types.ts";

const NAME = /^(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/;
const IDLE_TIMEOUT_SECONDS = 60;
/** How long EDGE still cleans up after a delete. */
const CLEANING_SECONDS = 60;

/**
 * Answers before the worker runs. Source of the order of checks: Corymbia/eucalyptus `LoadBalancingService.java`, `LoadBalancers.java`.
 */
export const createLoadBalancer = queryAction({
  name: "CreateLoadBalancer",
  basis: "observed",
  params: {
    LoadBalancerName: "string",
    Listeners: LISTENERS,
    AvailabilityZones: ["string"],
    Subnets: ["string"],
    SecurityGroups: ["string"],
    Scheme: "string?",
    Tags: TAGS,
  },
  needs: ["Listeners"],

  run(world, request) {
    const { LoadBalancerName: name, AvailabilityZones: zones, Subnets: subnets } = request;
    if (!NAME.test(name)) throw invalidConfiguration("Invalid character found in the loadbalancer name");
    const tags = checkedTags(request.Tags);
    checkTagCount(world, tags.length);
    const listeners = checkedListeners(request.Listeners);
    checkZones(zones);
    checkSubnets(world, subnets);
    const scheme = checkedScheme(world, request.Scheme);
    if (!world.isVpc && request.SecurityGroups.length > 0) {
      throw invalidConfiguration("Security groups should not be specified for EC2-Classic platform");
    }
    const groupIds = checkedGroups(world, request.SecurityGroups);
    checkNameIsFree(world, name);

    const groups = groupsFor(world, groupIds, subnets.length > 0);
    const balancer: LoadBalancer = {
      name,
      dnsName: dnsNameOf(name, scheme),
      createdTime: world.now().toISOString(),
      scheme,
      zones: subnets.length > 0 ? [ZONE] : [...new Set(zones)],
      subnetIds: world.state.vpc === undefined ? [] : [world.state.vpc.subnetId],
      ...groups,
      listeners: [],
      healthCheck: presetCheck(listeners),
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      crossZone: false,
      accessLog: { enabled: false },
      tags: new Map(tags),
      registrations: new Map(),
      workerAddress: undefined,
    };
    addListeners(balancer, listeners);
    openOwnGroup(world, balancer);
    world.state.loadBalancers.set(name, balancer);
    return { DNSName: balancer.dnsName };
  },
});

function checkSubnets(world: World, subnets: readonly string[]): void {
  if (subnets.length === 0) return;
  const { vpc } = world.state;
  if (!vpc) throw invalidConfiguration("Subnets should not be specified for EC2-Classic platform");
  if (subnets.some((id) => id.toLowerCase() !== vpc.subnetId)) throw subnetNotFound();
  if (subnets.length > 1) throw invalidConfiguration("Only one subnet per zone is allowed");
}

function checkedScheme(world: World, scheme: string | undefined): LoadBalancer["scheme"] {
  if (scheme === undefined || scheme === "" || scheme === "internet-facing") return "internet-facing";
  if (scheme !== "internal") throw invalidConfiguration(`Invalid scheme (${scheme})`);
  if (!world.isVpc) throw invalidConfiguration("Scheme (internal) should not be specified for EC2-Classic platform");
  return scheme;
}

/** Ignoring case: both would have the same DNS name. */
function checkNameIsFree(world: World, name: string): void {
  const isSame = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  if ([...world.state.loadBalancers.keys()].some(isSame)) throw nameTaken();
  const deletedAt = world.state.deletedBalancers.get(name.toLowerCase());
  if (world.isVpc || deletedAt === undefined) return;
  if (world.secondsSince(deletedAt) < CLEANING_SECONDS) throw stillCleaningUp();
}

/** A VPC by subnets gives the closed group `default`; by zones a group of its own, open for the listeners. */
function groupsFor(world: World, given: readonly string[], bySubnets: boolean) {
  if (!world.isVpc) return { groupIds: [], ownGroupId: undefined };
  if (given.length > 0) return { groupIds: given, ownGroupId: undefined };
  if (bySubnets) return { groupIds: [world.defaultGroup().groupId], ownGroupId: undefined };
  const name = `default_elb_${world.nextUuid()}`;
  const { groupId } = world.addGroup(name, `ELB created security group used when no security group is specified`);
  return { groupIds: [groupId], ownGroupId: groupId };
}

/** Preset from the first listener; without one there is none. */
function presetCheck([first]: readonly Listener[]): HealthCheck | undefined {
  if (!first) return undefined;
  const target = `TCP:${first.instancePort}`;
  return { target, interval: 30, timeout: 5, unhealthyThreshold: 3, healthyThreshold: 3 };
}

/** Neither an unknown name nor registered instances are a reason to refuse. */
export const deleteLoadBalancer = queryAction({
  name: "DeleteLoadBalancer",
  basis: "observed",
  params: { LoadBalancerName: "string" },

  run(world, { LoadBalancerName: name }) {
    const balancer = world.state.loadBalancers.get(name);
    if (!balancer) return undefined;
    world.state.loadBalancers.delete(name);
    if (balancer.ownGroupId !== undefined) world.state.groups.delete(balancer.ownGroupId);
    if (!world.isVpc) world.state.deletedBalancers.set(name.toLowerCase(), world.now().toISOString());
    return undefined;
  },
});

/** `Marker` and `PageSize` are ignored, a name that nobody has is left out. */
export const describeLoadBalancers = queryAction({
  name: "DescribeLoadBalancers",
  basis: "observed",
  params: { LoadBalancerNames: ["string"] },

  run(world, { LoadBalancerNames: names }) {
    const all = [...world.state.loadBalancers.values()];
    const asked = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
    return { LoadBalancerDescriptions: asked.map((balancer) => description(world, balancer)) };
  },
});

/** Element order as the cloud sends it. */
function description(world: World, balancer: LoadBalancer): XmlNode {
  const { listeners, zones, healthCheck } = balancer;
  return {
    LoadBalancerName: balancer.name,
    DNSName: balancer.dnsName,
    ListenerDescriptions: listeners.length === 0 ? undefined : listeners.map(listenerItem),
    Policies: { AppCookieStickinessPolicies: [], LBCookieStickinessPolicies: [], OtherPolicies: [] },
    BackendServerDescriptions: [],
    AvailabilityZones: zones.length === 0 ? undefined : zones,
    Subnets: balancer.subnetIds.length === 0 ? undefined : balancer.subnetIds,
    VPCId: world.state.vpc?.vpcId,
    Instances: instancesItem(balancer),
    HealthCheck: healthCheck && healthCheckItem(healthCheck),
    SourceSecurityGroup: sourceGroupOf(world, balancer),
    SecurityGroups: world.isVpc ? balancer.groupIds : undefined,
    CreatedTime: balancer.createdTime,
    Scheme: balancer.scheme,
  };
}

const listenerItem = ({ protocol, loadBalancerPort, instanceProtocol, instancePort }: Listener): XmlNode => ({
  Listener: {
    Protocol: protocol,
    LoadBalancerPort: loadBalancerPort,
    InstanceProtocol: instanceProtocol,
    InstancePort: instancePort,
  },
  PolicyNames: [],
});
