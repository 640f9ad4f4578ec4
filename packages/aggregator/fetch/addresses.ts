import { BlockList, isIP } from "node:net";
import { embeddedIpv4, mappedIpv4 } from "./embeddedIpv4.ts";

/**
 * Addresses that no feed may lead to: what is fetched ends up on a public page, so an address inside the cloud would
 * publish what lies there. Source: the IANA special-purpose registries (RFC 6890 and its updates).
 */
const FORBIDDEN_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** All that is given out to the public; whatever lies elsewhere is special (IANA, IPv6 global unicast). */
const GLOBAL_IPV6 = [["2000::", 3]] as const;

/** Special ones among them. 2002::/16 carries an IPv4 address inside and is refused whole: nobody serves a blog there. */
const FORBIDDEN_IPV6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

/** The metadata service holds user-data and credentials: refused whatever `allowHosts` says. */
const NEVER_IPV4 = [["169.254.0.0", 16]] as const;
const NEVER_IPV6 = [
  ["fe80::", 10],
  ["fd00:ec2::254", 128],
] as const;

/** This machine itself: a name's owner must not choose it, so only an address in `allowHosts` opens it. */
const LOOPBACK_IPV4 = [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
] as const;
const LOOPBACK_IPV6 = [["::", 127]] as const;

const globalIpv6 = blockList([], GLOBAL_IPV6);
const forbidden = blockList(FORBIDDEN_IPV4, FORBIDDEN_IPV6);
const never = blockList(NEVER_IPV4, NEVER_IPV6);
const loopback = blockList(LOOPBACK_IPV4, LOOPBACK_IPV6);

/** Decides which addresses may be connected to. */
export interface AddressPolicy {
  /** True when `address`, reached under `hostName`, must not be connected to. */
  refuses(hostName: string, address: string): boolean;
}

/**
 * @param allowHosts host names, `*.suffix` (the suffix itself is not meant), addresses or CIDRs that may be private. A name
 * opens no loopback address: whoever answers for it would choose what of this machine is asked.
 */
export function addressPolicy(allowHosts: readonly string[]): AddressPolicy {
  const names = new Set<string>();
  const suffixes: string[] = [];
  const networks = new BlockList();
  for (const raw of allowHosts) {
    const entry = raw.trim().toLowerCase();
    if (entry === "") continue;
    if (entry.startsWith("*.")) suffixes.push(entry.slice(1));
    else if (!addNetwork(networks, entry)) names.add(entry);
  }
  const byName = (hostName: string) => names.has(hostName) || suffixes.some((suffix) => hostName.endsWith(suffix));
  const allowed = (hostName: string, address: string) =>
    contains(networks, address) || (byName(hostName) && !leadsInto(loopback, address));

  return {
    refuses(hostName, address) {
      if (isIP(address) === 0 || leadsInto(never, address)) return true;
      return isSpecial(address) && !allowed(hostName.toLowerCase().replace(/\.$/, ""), address);
    },
  };
}

/** The host of a URL as the resolver or `isIP` wants it: `URL` keeps the brackets of IPv6 literals. */
export function hostNameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function addNetwork(list: BlockList, entry: string): boolean {
  const [address = "", prefix] = entry.split("/");
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (prefix === undefined) list.addAddress(address, type);
  else if (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)) {
    list.addSubnet(address, Number(prefix), type);
  } else return false;
  return true;
}

/** The address as the system connects to it. */
function contains(list: BlockList, address: string): boolean {
  const plain = mappedIpv4(address) ?? address;
  return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/** The same, also of what a translator or a tunnel would make of it. */
const leadsInto = (list: BlockList, address: string): boolean =>
  contains(list, address) || embeddedIpv4(address).some((inside) => list.check(inside, "ipv4"));

function isSpecial(address: string): boolean {
  const plain = mappedIpv4(address) ?? address;
  return contains(forbidden, plain) || (isIP(plain) === 6 && !contains(globalIpv6, plain));
}

type Ranges = readonly (readonly [string, number])[];

function blockList(ipv4: Ranges, ipv6: Ranges): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ipv4) list.addSubnet(address, prefix, "ipv4");
  for (const [address, prefix] of ipv6) list.addSubnet(address, prefix, "ipv6");
  return list;
}
