import type { CloudIdentity } from "../identity.ts";

/** All local clouds of a machine: their instances (10.66) and their endpoints (10.67). */
const CLOUD_NETWORKS = "{ 10.66.0.0/16, 10.67.0.0/16 }";

/**
 * The host's rules for one cloud, as one table, replaced in one transaction and deleted in one.
 * An instance reaches the endpoint's services, name servers on the host, and the world with the host's address;
 * not other clouds, not other services of the host. Other tables may still drop: `accept` here is not the last word.
 * @param proxyPorts ports of the host's own package proxy, if its settings name one.
 */
export function nftTable(identity: CloudIdentity, proxyPorts: readonly number[] = []): string {
  const { networkName: name, privatePrefix, endpointAddress } = identity;
  const instances = `${privatePrefix}.0/24`;
  const proxies = proxyPorts.length > 0 ? `    iifname "${name}" tcp dport { ${proxyPorts.join(", ")} } accept\n` : "";
  return `table ip ${name}
delete table ip ${name}
table ip ${name} {
  chain input {
    type filter hook input priority filter; policy accept;
    iifname != "${name}" accept
    ct state established,related accept
    meta l4proto icmp accept
    ip daddr ${endpointAddress} tcp dport { 80, 8773 } accept
    meta l4proto { tcp, udp } th dport 53 accept
${proxies}    reject with icmp type admin-prohibited
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "${name}" ip saddr != ${instances} drop
    iifname "${name}" ip daddr ${CLOUD_NETWORKS} reject with icmp type admin-prohibited
    oifname "${name}" ct state established,related accept
    oifname "${name}" drop
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${instances} oifname != "${name}" masquerade
  }
}
`;
}
