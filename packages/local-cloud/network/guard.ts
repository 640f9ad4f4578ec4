import type { InstancePort, Traffic } from "../machine/driver.ts";
import { METADATA_ADDRESS, portName, UPLINK } from "./plan.ts";

/**
 * The rules of a cloud's own namespace, replaced in one transaction; a port that they do not know can send nothing.
 * From its port, an instance sends with its own MAC and address only, so it is nobody else to its neighbours and to the metadata
 * service. It reaches a neighbour when its groups let it out and the neighbour's groups let it in. The host is inside the cloud:
 * what it sends is not judged here.
 */
export function guardTable(ports: readonly InstancePort[]): string {
  const known = ports.map(({ instanceId, macAddress, privateAddress }) => {
    return `"${portName(instanceId)}" . ${macAddress.toLowerCase()} . ${privateAddress}`;
  });
  const verdicts = (verb: string, direction: string): string =>
    `vmap { ${ports.map(({ instanceId }) => `"${portName(instanceId)}" : ${verb} ${direction}-${instanceId}`).join(", ")} }`;
  const lines = (texts: readonly (string | false)[]): string =>
    texts.flatMap((text) => (text === false ? [] : [`    ${text}\n`])).join("");
  const some = ports.length > 0;
  return `table inet guard
delete table inet guard
table inet guard {
  set ports {
    type ifname . ether_addr . ipv4_addr
${lines([some && `elements = { ${known.join(", ")} }`])}  }
  chain prerouting {
    type filter hook prerouting priority raw; policy accept;
    iifname "m-*" meta nfproto ipv6 drop
    iifname "m-*" iifname . ether saddr . ip saddr != @ports drop
  }
  chain input {
    type filter hook input priority filter; policy accept;
    iifname != "m-*" accept
    ct state established,related accept
    meta l4proto icmp accept
    ip daddr ${METADATA_ADDRESS} tcp dport 80 accept
    reject with icmp type admin-prohibited
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state established,related accept
${lines([some && `iifname ${verdicts("jump", "from")}`])}    iifname "${UPLINK}" accept
${lines([some && `oifname ${verdicts("goto", "to")}`])}    oifname "m-*" drop
  }
${ports.map(chainsOf).join("")}}
`;
}

function chainsOf({ instanceId, ingress, egress }: InstancePort): string {
  const rules = (traffic: readonly Traffic[], side: "saddr" | "daddr", verdict: string): string =>
    traffic
      .flatMap((allowed) => allowed.cidrs.map((cidr) => `    ip ${side} ${cidr} ${matchOf(allowed)}${verdict}\n`))
      .join("");
  return `  chain from-${instanceId} {
${rules(egress, "daddr", "return")}    drop
  }
  chain to-${instanceId} {
${rules(ingress, "saddr", "accept")}    drop
  }
`;
}

function matchOf({ protocol, from, to }: Traffic): string {
  switch (protocol) {
    case "-1":
      return "";
    case "tcp":
    case "udp":
      return `${protocol} dport ${from}-${to} `;
    case "icmp":
      return `icmp type ${from === -1 ? "0-255" : from} ${from === -1 || to === -1 ? "" : `icmp code ${to} `}`;
    default:
      return `meta l4proto ${protocol} `;
  }
}
