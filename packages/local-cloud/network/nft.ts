import type { CloudIdentity } from "../identity.ts";

/** All local clouds of a machine: their instances (10.66) and their endpoints (10.67). */
const CLOUD_NETWORKS = "10.66.0.0/16, 10.67.0.0/16";

/** How this host reaches the world now. */
export interface HostWays {
  /** Links that lead to the world and to name servers; never those of clouds. */
  readonly outside: readonly string[];
  /** Those of them that forward only for the clouds: the host is no router by itself. */
  readonly forwardForClouds: readonly string[];
  /** Ports of the host's own package proxy, if its settings name one. */
  readonly proxyPorts: readonly number[];
}

/**
 * The host's rules for one cloud, replaced in one transaction. An instance reaches the endpoint's services, name servers on the
 * host, and the world with the host's address; not other clouds, other networks or other services of the host. Neighbours of the
 * host reach nothing of a cloud, and nobody else through the host because of it. Other tables may still drop: `accept` here is
 * not the last word.
 */
export function nftTable(identity: CloudIdentity, { outside, forwardForClouds, proxyPorts }: HostWays): string {
  const { networkName: name, privatePrefix, endpointAddress } = identity;
  const instances = `${privatePrefix}.0/24`;
  const rules = (lines: readonly (string | false)[]): string =>
    lines.flatMap((line) => (line === false ? [] : [`    ${line}\n`])).join("");
  const names = (links: readonly string[]): string => `{ ${links.map((link) => `"${link}"`).join(", ")} }`;
  return `table ip ${name}
delete table ip ${name}
table ip ${name} {
  chain input {
    type filter hook input priority filter; policy accept;
${rules([
  `iifname != { "lo", "${name}" } ip daddr ${networksOf(identity)} drop`,
  `iifname != "${name}" accept`,
  "ct state established,related accept",
  "meta l4proto icmp accept",
  `ip daddr ${endpointAddress} tcp dport { 80, 8773 } accept`,
  "meta l4proto { tcp, udp } th dport 53 accept",
  proxyPorts.length > 0 && `tcp dport { ${proxyPorts.join(", ")} } accept`,
  "reject with icmp type admin-prohibited",
])}  }
  chain forward {
    type filter hook forward priority filter; policy accept;
${rules([
  `iifname "${name}" ip saddr != ${instances} drop`,
  `iifname "${name}" ip daddr { ${CLOUD_NETWORKS}, 169.254.0.0/16 } reject with icmp type admin-prohibited`,
  outside.length > 0 && `iifname "${name}" oifname ${names(outside)} accept`,
  `iifname "${name}" reject with icmp type admin-prohibited`,
  `oifname "${name}" ct state established,related accept`,
  `oifname "${name}" drop`,
  forwardForClouds.length > 0 && `iifname ${names(forwardForClouds)} oifname != "planet*" drop`,
])}  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${instances} oifname != "${name}" masquerade
  }
}
`;
}

/** To neighbours, the host does not even say that it has the cloud's addresses. */
export function arpTable(identity: CloudIdentity): string {
  const { networkName: name } = identity;
  return `table arp ${name}
delete table arp ${name}
table arp ${name} {
  chain input {
    type filter hook input priority filter; policy accept;
    iifname != "${name}" arp daddr ip ${networksOf(identity)} drop
  }
}
`;
}

const networksOf = ({ privatePrefix, endpointAddress }: CloudIdentity): string =>
  `{ ${privatePrefix}.0/24, ${endpointAddress}/24 }`;
