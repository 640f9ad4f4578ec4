import { BlockList, isIPv4 } from "node:net";

/**
 * Whether a client may connect. A client on this machine comes from the loopback network, which is a member of 0.0.0.0/0 like any
 * other; a rule for a narrower network refuses it, as a real cloud would refuse a client from elsewhere.
 */
export function isAllowed(source: string, cidrs: readonly string[]): boolean {
  const address = source.replace(/^::ffff:/, "");
  if (!isIPv4(address)) return false;
  const networks = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", bits = "32"] = cidr.split("/");
    if (isIPv4(network)) networks.addSubnet(network, Number(bits), "ipv4");
  }
  return networks.check(address, "ipv4");
}
