import type { Listener } from "@planet/eucalyptus-client";
import { type Inputs, isMap, type Value } from "@planet/pulumi-plugin";
import { defined } from "../values.ts";

const NAMES = ["instancePort", "instanceProtocol", "lbPort", "lbProtocol", "sslCertificateId"];
const PROTOCOLS = ["HTTP", "HTTPS", "TCP", "SSL"];
const WITH_CERTIFICATE = ["HTTPS", "SSL"];
/** Source: Corymbia/eucalyptus, property `loadbalancer_restricted_ports`. */
const RESTRICTED_PORT = 22;

/** Reason why the cloud would refuse a listener, or leave it out without a word. */
export function problemWithListeners(value: Value): string | undefined {
  const listeners = Array.isArray(value) ? value.filter(isMap) : [];
  if (listeners.length === 0) return "is empty; give one";
  const ports = listeners.map(({ lbPort }) => lbPort);
  const twice = ports.find((port, index) => ports.indexOf(port) < index);
  if (twice !== undefined) return `has port ${String(twice)} twice; remove one`;
  return listeners.map((listener) => problemWithListener({ ...listener })).find((reason) => reason !== undefined);
}

function problemWithListener(listener: Inputs): string | undefined {
  const unknown = Object.keys(listener).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) return `has ${unknown}, which is not known here; remove it`;
  for (const name of ["instancePort", "lbPort"]) {
    const port = listener[name];
    if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65_535) return `${name} must be 1 to 65535`;
  }
  if (listener.lbPort === RESTRICTED_PORT) return `lbPort ${RESTRICTED_PORT} is refused by Eucalyptus; choose another`;
  for (const name of ["instanceProtocol", "lbProtocol"]) {
    if (!PROTOCOLS.includes(protocolOf(listener[name]))) return `${name} must be one of ${PROTOCOLS.join(", ")}`;
  }
  const protocol = protocolOf(listener.lbProtocol);
  const isWithCertificate = listener.sslCertificateId !== undefined && listener.sslCertificateId !== "";
  if (WITH_CERTIFICATE.includes(protocol) !== isWithCertificate) {
    return `sslCertificateId is for ${WITH_CERTIFICATE.join(" and ")}, and needed there; lbProtocol is ${protocol}`;
  }
  return undefined;
}

const protocolOf = (value: Value | undefined): string => String(value).toUpperCase();

/** Listeners as {@link problemWithListeners} has let them through. */
export function listenersFrom(value: Value | undefined): Listener[] {
  const listeners = Array.isArray(value) ? value.filter(isMap) : [];
  return listeners.map(({ instancePort, instanceProtocol, lbPort, lbProtocol, sslCertificateId }) => ({
    protocol: protocolOf(lbProtocol),
    port: Number(lbPort),
    instanceProtocol: protocolOf(instanceProtocol),
    instancePort: Number(instancePort),
    certificateId: typeof sslCertificateId === "string" ? sslCertificateId : "",
  }));
}

/** Listeners in the program's words. */
export function writtenListeners(live: readonly Listener[]): Inputs[] {
  return live
    .toSorted((a, b) => a.port - b.port)
    .map(({ protocol, port, instanceProtocol, instancePort, certificateId }) =>
      defined({
        instancePort,
        instanceProtocol: instanceProtocol === "" ? protocol : instanceProtocol,
        lbPort: port,
        lbProtocol: protocol,
        sslCertificateId: certificateId === "" ? undefined : certificateId,
      }),
    );
}

/** Whether two lists mean the same: neither the order nor the case of a protocol counts. */
export function sameListeners(old: Value, now: Value): boolean {
  return sameLists(listenersFrom(old), listenersFrom(now));
}

export function sameLists(one: readonly Listener[], other: readonly Listener[]): boolean {
  const text = (listeners: readonly Listener[]) => listeners.map(listenerKey).toSorted().join();
  return text(one) === text(other);
}

/** Equal for two that are one to the cloud. Without an instance protocol it takes the other one. */
export function listenerKey({ protocol, port, instanceProtocol, instancePort, certificateId }: Listener): string {
  const inner = instanceProtocol === "" ? protocol : instanceProtocol;
  return [protocol, port, inner, instancePort, certificateId].join(" ");
}
