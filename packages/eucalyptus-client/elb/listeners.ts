import type { Element, Structure } from "../http/members.ts";
import { nothing } from "../http/nothing.ts";
import type { Send } from "./send.ts";

/** Protocols are HTTP, HTTPS, TCP and SSL, in capitals: 4.4 before 4.4.6 fails later at others. */
export interface Listener {
  readonly protocol: string;
  readonly port: number;
  /** "" where it was not given. */
  readonly instanceProtocol: string;
  readonly instancePort: number;
  /** "" without one. */
  readonly certificateId: string;
}

export function listenerCalls(send: Send) {
  return {
    /** A port that is in use is DuplicateListener, also when all else is the same. */
    async createListeners(balancer: string, listeners: readonly Listener[]): Promise<void> {
      if (listeners.length === 0) return;
      const inputs = { LoadBalancerName: balancer, Listeners: listeners.map(toWire) };
      await send("CreateLoadBalancerListeners", inputs, nothing);
    },

    /** Ports without a listener are ignored by the cloud. */
    async deleteListeners(balancer: string, ports: readonly number[]): Promise<void> {
      if (ports.length === 0) return;
      const inputs = { LoadBalancerName: balancer, LoadBalancerPorts: ports.map(String) };
      await send("DeleteLoadBalancerListeners", inputs, nothing);
    },
  };
}

export function toWire({ protocol, port, instanceProtocol, instancePort, certificateId }: Listener): Structure {
  return {
    Protocol: protocol.toUpperCase(),
    LoadBalancerPort: port,
    InstanceProtocol: instanceProtocol === "" ? undefined : instanceProtocol.toUpperCase(),
    InstancePort: instancePort,
    SSLCertificateId: certificateId === "" ? undefined : certificateId,
  };
}

export function listenerFrom(description: Element): Listener {
  const listener = description.in("Listener");
  return {
    protocol: listener.needed("Protocol").toUpperCase(),
    port: listener.integer("LoadBalancerPort"),
    instanceProtocol: listener.text("InstanceProtocol").toUpperCase(),
    instancePort: listener.integer("InstancePort"),
    certificateId: listener.text("SSLCertificateId"),
  };
}
