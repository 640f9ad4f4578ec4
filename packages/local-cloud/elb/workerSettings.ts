import type { Instance } from "../world/types.ts";
import { type World, ZONE } from "../world/world.ts";
import { parsedTarget } from "./healthChecks.ts";
import type { LoadBalancer } from "./types.ts";
import type { WorkerListener, WorkerServer, WorkerSettings } from "./worker.ts";

const LONGEST_IDLE_SECONDS = 3_600;

/** What the worker of a load balancer is to know now. */
export function workerSettings(world: World, balancer: LoadBalancer, isCutOff: boolean): WorkerSettings {
  const { healthCheck, idleTimeout, registrations, zones } = balancer;
  const instances = [...registrations.keys()].flatMap((id) => world.instance(id) ?? []);
  const running = zones.includes(ZONE) ? instances.filter(({ state }) => state === "running") : [];
  return {
    listeners: listenersOf(world, balancer),
    servers: running.map((instance) => serverOf(world, balancer, instance)),
    healthCheck,
    idleTimeout: Math.min(Math.max(idleTimeout, 1), LONGEST_IDLE_SECONDS),
    isCutOff,
    clockFactor: world.clockFactor,
  };
}

/** In a VPC, only what the balancer's own groups open to everybody; EDGE opens each listener itself. */
function listenersOf(world: World, { listeners, groupIds }: LoadBalancer): WorkerListener[] {
  const rules = groupIds.flatMap((id) => world.group(id)?.ingress ?? []);
  const isOpen = (port: number): boolean =>
    !world.isVpc ||
    rules.some(
      ({ protocol, fromPort = 0, toPort = 65_535, ranges }) =>
        (protocol === "-1" || (protocol === "tcp" && fromPort <= port && port <= toPort)) &&
        ranges.some(({ cidr }) => cidr === "0.0.0.0/0"),
    );
  return listeners
    .filter(({ loadBalancerPort }) => isOpen(loadBalancerPort))
    .map(({ protocol, loadBalancerPort: port, instancePort }) => ({
      mode: protocol === "HTTP" ? "http" : "tcp",
      port,
      instancePort,
    }));
}

function serverOf(world: World, balancer: LoadBalancer, instance: Instance): WorkerServer {
  const checked = parsedTarget(balancer.healthCheck?.target ?? "")?.port;
  const ports = [
    ...balancer.listeners.map(({ instancePort }) => instancePort),
    ...(checked === undefined ? [] : [checked]),
  ];
  return {
    instanceId: instance.instanceId,
    address: instance.privateAddress,
    openPorts: [...new Set(ports)].filter((port) => lets(world, balancer, instance, port)),
  };
}

/** Whether the instance's groups let the balancer in: everybody, or members of one of its groups. */
function lets(world: World, { groupIds }: LoadBalancer, instance: Instance, port: number): boolean {
  const rules = instance.groupIds.flatMap((id) => world.group(id)?.ingress ?? []);
  return rules.some(
    ({ protocol, fromPort = 0, toPort = 65_535, ranges, groups }) =>
      (protocol === "-1" || (protocol === "tcp" && fromPort <= port && port <= toPort)) &&
      (ranges.some(({ cidr }) => cidr === "0.0.0.0/0") || groups.some(({ groupId }) => groupIds.includes(groupId))),
  );
}
