import { queryAction } from "../wire/queryAction.ts";
import {
  certificateNotFound,
  duplicateListener,
  invalidConfiguration,
  protocolNotSupported,
  restrictedPort,
} from "./errors.ts";
import { openOwnGroup } from "./securityGroups.ts";
import { balancerNamed } from "./shared.ts";
import type { Listener, LoadBalancer } from "./types.ts";

export const LISTENERS = [
  {
    Protocol: "string",
    LoadBalancerPort: "int",
    InstanceProtocol: "string?",
    InstancePort: "int",
    SSLCertificateId: "string?",
  },
] as const;

interface Given {
  readonly Protocol: string;
  readonly LoadBalancerPort: number;
  readonly InstanceProtocol: string | undefined;
  readonly InstancePort: number;
  readonly SSLCertificateId: string | undefined;
}

const PROTOCOLS = ["HTTP", "HTTPS", "TCP", "SSL"];
const SECURE = ["HTTPS", "SSL"];
/** `services.loadbalancing.restricted_ports` of a new cloud. */
const RESTRICTED_PORT = 22;
const LAST_PORT = 65_535;

/** @throws {ServiceError} for the first that breaks a rule */
export function checkedListeners(given: readonly Given[]): Listener[] {
  return given.map((listener) => {
    const protocol = listener.Protocol.toUpperCase();
    const instanceProtocol = listener.InstanceProtocol?.toUpperCase();
    const { LoadBalancerPort: port, InstancePort: instancePort } = listener;
    if (!PROTOCOLS.includes(protocol)) throw protocolNotSupported();
    const isKnown = instanceProtocol === undefined || PROTOCOLS.includes(instanceProtocol);
    if (port <= 0 || instancePort <= 0 || !isKnown) throw invalidConfiguration("Invalid listener format");
    if (port > LAST_PORT || instancePort > LAST_PORT) throw invalidConfiguration("Invalid port range");
    if (port === RESTRICTED_PORT) throw restrictedPort(port);
    if (SECURE.includes(protocol)) {
      if (listener.SSLCertificateId === undefined) {
        throw invalidConfiguration("SSLCertificateId is required for HTTPS or SSL protocol");
      }
      throw certificateNotFound(); // there is no service here that could hold one
    }
    return { protocol, loadBalancerPort: port, instanceProtocol, instancePort };
  });
}

/** @throws {ServiceError} `DuplicateListener` for a port that is taken, by an identical one too */
export function addListeners(balancer: LoadBalancer, listeners: readonly Listener[]): void {
  const ports = [...balancer.listeners, ...listeners].map(({ loadBalancerPort }) => loadBalancerPort);
  if (new Set(ports).size < ports.length) throw duplicateListener();
  balancer.listeners = [...balancer.listeners, ...listeners];
}

export const createLoadBalancerListeners = queryAction({
  name: "CreateLoadBalancerListeners",
  basis: "observed",
  params: { LoadBalancerName: "string", Listeners: LISTENERS },
  needs: ["Listeners"],

  run(world, { LoadBalancerName, Listeners }) {
    const listeners = checkedListeners(Listeners);
    const balancer = balancerNamed(world, LoadBalancerName);
    addListeners(balancer, listeners);
    openOwnGroup(world, balancer);
    return undefined;
  },
});

/** A port without a listener is nothing to refuse. */
export const deleteLoadBalancerListeners = queryAction({
  name: "DeleteLoadBalancerListeners",
  basis: "observed",
  params: { LoadBalancerName: "string", LoadBalancerPorts: ["string"] },
  needs: ["LoadBalancerPorts"],

  run(world, { LoadBalancerName, LoadBalancerPorts }) {
    const balancer = balancerNamed(world, LoadBalancerName);
    balancer.listeners = balancer.listeners.filter(
      ({ loadBalancerPort }) => !LoadBalancerPorts.includes(String(loadBalancerPort)),
    );
    openOwnGroup(world, balancer);
    return undefined;
  },
});
