import type { Member, ScalingGroup } from "../autoscaling/types.ts";
import { healthOf } from "../elb/instances.ts";
import type { Listener, LoadBalancer } from "../elb/types.ts";
import type { World } from "../world/world.ts";

export interface BalancerView {
  readonly name: string;
  readonly dnsName: string;
  /** Of its worker; empty while none is in service. */
  readonly address: string;
  readonly listeners: readonly string[];
  readonly check: string;
  /** Who is in service, and why who is not. */
  readonly servers: readonly { readonly id: string; readonly state: string; readonly reason: string }[];
}

export interface ScalingGroupView {
  readonly name: string;
  readonly size: string;
  readonly configuration: string;
  readonly balancers: readonly string[];
  readonly members: readonly { readonly id: string; readonly lifecycle: string; readonly health: string }[];
  readonly suspended: readonly string[];
  /** The newest activity that says something. */
  readonly last: string;
}

/** The most of each kind that a page shows. */
const SHOWN = { balancers: 50, servers: 50, groups: 50 } as const;

/** @param addressOf of a load balancer's worker that is in service */
export function balancerViews(world: World, addressOf: (name: string) => string | undefined): BalancerView[] {
  return [...world.state.loadBalancers.values()].slice(0, SHOWN.balancers).map((balancer) => ({
    name: balancer.name,
    dnsName: balancer.dnsName,
    address: addressOf(balancer.name) ?? "",
    listeners: balancer.listeners.map(listenerText),
    check: checkText(balancer),
    servers: [...balancer.registrations.keys()].slice(0, SHOWN.servers).map((id) => {
      const { state, description } = healthOf(world, balancer, id);
      return { id, state, reason: description };
    }),
  }));
}

const listenerText = ({ protocol, loadBalancerPort, instancePort }: Listener): string =>
  `${protocol} ${loadBalancerPort} → ${instancePort}`;

const checkText = ({ healthCheck }: LoadBalancer): string =>
  healthCheck === undefined ? "" : `${healthCheck.target} every ${healthCheck.interval} s`;

export function scalingGroupViews(world: World): ScalingGroupView[] {
  return [...world.state.scalingGroups.values()].slice(0, SHOWN.groups).map((group) => ({
    name: group.name,
    size: `${group.desiredCapacity} (${group.minSize}–${group.maxSize})`,
    configuration: group.launchConfigurationName,
    balancers: group.loadBalancerNames,
    members: [...group.members.values()].slice(0, SHOWN.servers).map(memberView),
    suspended: [...group.suspended.keys()],
    last: lastActivity(group),
  }));
}

const memberView = ({ instanceId: id, lifecycle, health }: Member) => ({ id, lifecycle, health });

function lastActivity({ activities }: ScalingGroup): string {
  const last = activities.find(({ description, message }) => description !== undefined || message !== undefined);
  if (!last) return "";
  const { description = "Registering with a load balancer", status, message } = last;
  return `${description}: ${status}${message === undefined ? "" : `, ${message}`}`;
}
